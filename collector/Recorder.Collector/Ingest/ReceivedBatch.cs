using Recorder.Wire;

namespace Recorder.Collector.Ingest;

/// <summary>A batch whose form and hashes are verified, with the memory that holds it.</summary>
internal sealed class ReceivedBatch(ReceivedMessage message, Batch batch, BatchFacts facts) : IDisposable
{
    public Batch Batch { get; } = batch;

    public BatchFacts Facts { get; } = facts;

    /// <summary>Valid until disposed.</summary>
    public ReadOnlyMemory<byte> Bytes => Batch.Bytes;

    public long FrameCount => (long)(Batch.Header.LastSeq - Batch.Header.FirstSeq + 1);

    public void Dispose() => message.Dispose();
}
