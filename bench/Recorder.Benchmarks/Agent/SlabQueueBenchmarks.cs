using BenchmarkDotNet.Attributes;
using Recorder.Agent.Pipeline;

namespace Recorder.Benchmarks.Agent;

/// <summary>Records on their way from the ring's thread to the tracker's. An operation is 1,000 records of 1 KiB, written and read.</summary>
[MemoryDiagnoser]
[InvocationCount(BudgetCheck.Batches)]
public class SlabQueueBenchmarks : IDisposable
{
    private const int Records = 1000;
    private readonly SlabQueue _queue = new(4);
    private readonly byte[] _head = new byte[64];
    private readonly byte[] _payload = new byte[1024];

    /// <summary>Writes and reads on one thread: no waiting, just the work.</summary>
    [Benchmark]
    public int WriteAndRead()
    {
        int bytes = 0;
        for (int i = 0; i < Records; i++)
        {
            _queue.Write(_head, _payload, CancellationToken.None);
            if (_queue.TryRead(out ReadOnlySpan<byte> record))
                bytes += record.Length;
        }

        return bytes;
    }

    /// <inheritdoc/>
    [GlobalCleanup]
    public void Dispose()
    {
        _queue.Dispose();
        GC.SuppressFinalize(this);
    }
}
