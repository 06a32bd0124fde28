using BenchmarkDotNet.Attributes;
using Recorder.Wire;

namespace Recorder.Benchmarks.Wire;

/// <summary>Batches of 1,000 DATA frames of ten sessions. An operation is a whole batch: its budget is far below a byte for each frame.</summary>
[MemoryDiagnoser]
[InvocationCount(BudgetCheck.Batches)]
public class BatchBenchmarks : IDisposable
{
    private const int Frames = 1000;
    private readonly Guid[] _subjects = [.. Enumerable.Range(0, 10).Select(_ => Guid.CreateVersion7())];
    private readonly BatchBuilder _builder = new(Guid.NewGuid(), Guid.CreateVersion7(), Guid.NewGuid());
    private readonly PooledBuffer _output = new();
    private byte[] _data = [];
    private byte[] _batch = [];

    /// <summary>Stream bytes in a frame.</summary>
    [Params(16, 1024)]
    public int Bytes { get; set; }

    /// <summary>Cuts the batch that is decoded.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _data = new byte[Bytes];
        Cut();
        _batch = _output.WrittenSpan.ToArray();
    }

    /// <summary>Encodes the frames into the batch and cuts it: sections and tree are hashed.</summary>
    [Benchmark]
    public int Cut()
    {
        for (int i = 0; i < Frames; i++)
        {
            ulong seq = _builder.NextSeq;
            Guid subject = _subjects[i % _subjects.Length];
            new DataFrame(StreamId.Out, seq, DataFlags.None, _data).Write(_builder.BeginFrame(seq, subject), seq, seq, subject);
            _builder.EndFrame();
        }

        _output.Clear();
        return _builder.Cut(1, 2, _output).Size;
    }

    /// <summary>Reads the batch, checks every frame and computes the hashes.</summary>
    [Benchmark]
    public int Read() => Batch.Read(_batch).Sections.Count;

    /// <inheritdoc/>
    [GlobalCleanup]
    public void Dispose()
    {
        _builder.Dispose();
        _output.Dispose();
        GC.SuppressFinalize(this);
    }
}
