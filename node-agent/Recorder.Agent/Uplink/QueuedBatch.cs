using Recorder.Wire;

namespace Recorder.Agent.Uplink;

/// <summary>
/// A batch as it was cut. The queue holds it until it is acknowledged and the sender while it is being written: an acknowledgement can
/// overtake a batch that is sent again, and its buffer must not go back to the pool under the sender's hands.
/// </summary>
/// <param name="bytes">The encoded batch; owned from now on.</param>
internal sealed class QueuedBatch(PooledBuffer bytes, ulong firstSeq, ulong lastSeq)
{
    private int _holders = 1;

    public ulong FirstSeq { get; } = firstSeq;

    public ulong LastSeq { get; } = lastSeq;

    public int Length { get; } = bytes.Length;

    public ReadOnlySpan<byte> Bytes => bytes.WrittenSpan;

    public ReadOnlyMemory<byte> Memory => bytes.WrittenMemory;

    /// <summary>Under the queue's lock, while the queue holds it.</summary>
    public void Hold() => _holders++;

    /// <summary>Under the queue's lock.</summary>
    public void Release()
    {
        if (--_holders == 0)
            bytes.Dispose();
    }
}
