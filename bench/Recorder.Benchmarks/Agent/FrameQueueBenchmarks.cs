using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Logging.Abstractions;
using Recorder.Agent.Pipeline;
using Recorder.Agent.Uplink;
using Recorder.Wire;

namespace Recorder.Benchmarks.Agent;

/// <summary>The agent's way from stream bytes to an acknowledged batch. An operation is 1,000 frames: its budget is that of the batches.</summary>
[MemoryDiagnoser]
[InvocationCount(BudgetCheck.Batches)]
public class FrameQueueBenchmarks : IDisposable
{
    private const int Frames = 1000;
    private readonly Guid _subject = Guid.CreateVersion7();
    private readonly byte[] _data = new byte[1024];
    private readonly BatchQueue _queue = new();
    private readonly FrameQueue _frames;
    private ulong _offset;

    /// <summary>Makes a queue that never overflows here.</summary>
    public FrameQueueBenchmarks() => _frames = new FrameQueue(
        Guid.NewGuid(),
        new BatchBuilder(Guid.NewGuid(), Guid.CreateVersion7(), Guid.NewGuid()),
        _queue,
        new FrameQueueLimits(64 << 20, 1 << 20, TimeSpan.FromSeconds(1)),
        TimeProvider.System,
        NullLogger.Instance);

    /// <summary>Frames of 1 KiB: encoded, cut into a batch of 1 MiB, taken by the sender and freed by the acknowledgement.</summary>
    [Benchmark]
    public long Data()
    {
        for (int i = 0; i < Frames; i++)
        {
            _frames.Data(_subject, _offset, StreamId.Out, _offset, DataFlags.None, _data);
            _offset += (ulong)_data.Length;
        }

        _frames.CutAll();
        while (_queue.TryTake(long.MaxValue, out QueuedBatch batch))
            _queue.Release(batch);
        _queue.TryAcknowledge(_frames.Frames);
        return _queue.Bytes;
    }

    /// <inheritdoc/>
    [GlobalCleanup]
    public void Dispose()
    {
        _frames.Dispose();
        _queue.Dispose();
        GC.SuppressFinalize(this);
    }
}
