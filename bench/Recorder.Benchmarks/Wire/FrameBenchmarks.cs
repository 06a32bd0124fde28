using BenchmarkDotNet.Attributes;
using Recorder.Wire;

namespace Recorder.Benchmarks.Wire;

/// <summary>One frame: written, and read back.</summary>
[MemoryDiagnoser]
public class FrameBenchmarks : IDisposable
{
    private static readonly Guid Subject = Guid.CreateVersion7();
    private readonly PooledBuffer _buffer = new();
    private readonly PooledBuffer _data = new();
    private readonly PooledBuffer _exec = new();
    private readonly byte[] _bytes = new byte[4096];
    private readonly ExecFrame _process = new()
    {
        Pid = 4711,
        Start = 1_234_567_890_123,
        ParentPid = 4710,
        ParentStart = 1_234_567_890_000,
        Exe = "/usr/bin/kubectl",
        Cwd = "/home/user",
        Argv = ["kubectl", "get", "pods", "--all-namespaces"],
        ArgvBytes = 36,
        Comm = "kubectl",
        Uid = 1000,
        Gid = 1000,
        CapEffective = 0xa80425fb,
    };

    /// <summary>Encodes what the reading benchmarks read.</summary>
    public FrameBenchmarks()
    {
        new DataFrame(StreamId.Out, 1 << 20, DataFlags.None, _bytes).Write(_data, 1, 2, Subject);
        _process.Write(_exec, 1, 2, Subject);
    }

    /// <summary>A DATA frame of one key stroke.</summary>
    [Benchmark(Baseline = true)]
    public int WriteKeyStroke()
    {
        _buffer.Clear();
        new DataFrame(StreamId.In, 17, DataFlags.NotCanonical, _bytes.AsSpan(0, 1)).Write(_buffer, 1_000_000, 1_234_567_890_123, Subject);
        return _buffer.Length;
    }

    /// <summary>A DATA frame of 4 KiB.</summary>
    [Benchmark]
    public int WriteData()
    {
        _buffer.Clear();
        new DataFrame(StreamId.Out, 1 << 20, DataFlags.None, _bytes).Write(_buffer, 1_000_000, 1_234_567_890_123, Subject);
        return _buffer.Length;
    }

    /// <summary>An EXEC frame with four arguments.</summary>
    [Benchmark]
    public int WriteExec()
    {
        _buffer.Clear();
        _process.Write(_buffer, 1_000_000, 1_234_567_890_123, Subject);
        return _buffer.Length;
    }

    /// <summary>Checks the DATA frame of 4 KiB and reads it.</summary>
    [Benchmark]
    public int ReadData()
    {
        var frames = new FrameReader(_data.WrittenSpan);
        frames.MoveNext();
        MessagePackReader body = frames.Current.Body;
        return DataFrame.Read(ref body).Bytes.Length;
    }

    /// <summary>Checks the EXEC frame and reads it.</summary>
    [Benchmark]
    public ulong ReadExec()
    {
        var frames = new FrameReader(_exec.WrittenSpan);
        frames.MoveNext();
        MessagePackReader body = frames.Current.Body;
        return ExecFrame.Read(ref body).Pid;
    }

    /// <inheritdoc/>
    [GlobalCleanup]
    public void Dispose()
    {
        _buffer.Dispose();
        _data.Dispose();
        _exec.Dispose();
        GC.SuppressFinalize(this);
    }
}
