namespace Recorder.Collector.Ingest;

/// <summary>A verified batch on its way into the store.</summary>
internal sealed class PendingBatch(ReceivedBatch batch, EpochClaim claim, Action<PendingBatch, bool> settled)
{
    private int _settled;

    public ReceivedBatch Batch { get; } = batch;

    public EpochClaim Claim { get; } = claim;

    /// <summary>Tells the connection, once, and lets go of the memory.</summary>
    public void Settle(bool stored)
    {
        if (Interlocked.Exchange(ref _settled, 1) != 0) return;
        settled(this, stored);
        Batch.Dispose();
        Claim.PendingSettled();
    }
}
