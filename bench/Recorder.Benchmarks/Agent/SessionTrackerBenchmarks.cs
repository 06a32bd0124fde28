using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Logging.Abstractions;
using Recorder.Agent.Pipeline;
using Recorder.Agent.Sessions;
using Recorder.Agent.Uplink;
using Recorder.Kernel;
using Recorder.Wire;

namespace Recorder.Benchmarks.Agent;

/// <summary>The whole way in the agent: the kernel's record, the tracker, the frame, the batch, its acknowledgement.</summary>
[MemoryDiagnoser]
[InvocationCount(BudgetCheck.Batches)]
public class SessionTrackerBenchmarks : IDisposable
{
    private const int Records = 1000;
    private const ulong Session = 1;
    private const uint Root = 5000;
    private const ulong KeyRepeat = 30_000_000;
    private static readonly byte[] TerminalStart = KernelRecords.Start(Root, terminal: true);
    private static readonly byte[] PipeStart = KernelRecords.Start(Root, terminal: false);
    private static readonly byte[] ExecRecord = KernelRecords.Exec(Root + 1);
    private static readonly byte[] ForkRecord = KernelRecords.Fork(Root + 1, Root);
    private static readonly byte[] ExitRecord = KernelRecords.Exit(Root + 1, live: 1);
    private static readonly byte[] RootExitRecord = KernelRecords.Exit(Root, live: 0);
    private readonly byte[] _output = new byte[1024];
    private readonly ulong[] _offsets = new ulong[3];
    private readonly BatchQueue _queue = new();
    private readonly FrameQueue _frames;
    private readonly SessionTracker _tracker;
    private ulong _time = 1_000_000_000;
    private ulong _sequence;
    private ulong _other = Session;

    /// <summary>Begins the session in which everything happens.</summary>
    public SessionTrackerBenchmarks()
    {
        Array.Fill(_output, (byte)'x');
        var builder = new BatchBuilder(Guid.NewGuid(), Guid.CreateVersion7(), Guid.NewGuid());
        var limits = new FrameQueueLimits(64 << 20, 1 << 20, TimeSpan.FromSeconds(1));
        _frames = new FrameQueue(Guid.NewGuid(), builder, _queue, limits, TimeProvider.System, NullLogger.Instance);
        var surroundings = new TrackerSurroundings();
        var options = new TrackerOptions { BootId = Guid.NewGuid(), LoadTime = 1, Cluster = "", Node = "node" };
        _tracker = new SessionTracker(options, _frames, surroundings, surroundings, surroundings, TimeProvider.System);
        Handle(Session, _sequence++, KernelEventType.Pending, 0, []);
        Handle(Session, _sequence++, KernelEventType.Start, Root, TerminalStart);
    }

    /// <summary>1,000 records of 1 KiB that the terminal shows.</summary>
    [Benchmark(Baseline = true)]
    public ulong TerminalOutput()
    {
        for (int i = 0; i < Records; i++)
            Data(KernelStream.Out, KernelDataFlags.None, _output);
        return Acknowledge();
    }

    /// <summary>500 keys held down at a raw terminal, each echoed: input waits until its echo comes.</summary>
    [Benchmark]
    public ulong KeyStrokes()
    {
        for (int i = 0; i < Records / 2; i++)
        {
            _time += KeyRepeat;
            Data(KernelStream.In, KernelDataFlags.Raw, _output.AsSpan(0, 1));
            Data(KernelStream.Out, KernelDataFlags.None, _output.AsSpan(0, 1));
        }

        return Acknowledge();
    }

    /// <summary>A process of the session: fork, exec and exit.</summary>
    [Benchmark]
    public ulong Process()
    {
        Handle(Session, _sequence++, KernelEventType.Fork, Root, ForkRecord);
        Handle(Session, _sequence++, KernelEventType.Exec, Root + 1, ExecRecord);
        Handle(Session, _sequence++, KernelEventType.Exit, Root + 1, ExitRecord);
        return Acknowledge();
    }

    /// <summary>A session without a terminal, from its start to its end.</summary>
    [Benchmark]
    public ulong PipeSession() => WholeSession(PipeStart);

    /// <summary>The same with a terminal, whose input has buffers of its own.</summary>
    [Benchmark]
    public ulong TerminalSession() => WholeSession(TerminalStart);

    /// <inheritdoc/>
    [GlobalCleanup]
    public void Dispose()
    {
        _frames.Dispose();
        _queue.Dispose();
        GC.SuppressFinalize(this);
    }

    private ulong WholeSession(byte[] start)
    {
        ulong session = ++_other;
        Handle(session, 0, KernelEventType.Pending, 0, []);
        Handle(session, 1, KernelEventType.Start, Root, start);
        Handle(session, 2, KernelEventType.Exit, Root, RootExitRecord);
        End(session, 3, KernelStream.In);
        End(session, 4, KernelStream.Out);
        _tracker.AdvanceTo(_time);
        return Acknowledge();
    }

    private void Data(KernelStream stream, KernelDataFlags flags, ReadOnlySpan<byte> bytes)
    {
        var e = new KernelEvent
        {
            Type = KernelEventType.Data,
            Stream = stream,
            PayloadSize = (uint)bytes.Length,
            Session = Session,
            Sequence = _sequence++,
            Time = ++_time,
            Offset = _offsets[(int)stream],
            Length = (ulong)bytes.Length,
            Flags = (uint)flags,
        };
        _offsets[(int)stream] += (ulong)bytes.Length;
        _tracker.Handle(e, bytes);
    }

    private void Handle(ulong session, ulong sequence, KernelEventType type, uint pid, ReadOnlySpan<byte> payload)
    {
        var e = new KernelEvent { Type = type, PayloadSize = (uint)payload.Length, Session = session, Sequence = sequence, Time = ++_time, Pid = pid };
        _tracker.Handle(e, payload);
    }

    private void End(ulong session, ulong sequence, KernelStream stream)
    {
        var e = new KernelEvent
        {
            Type = KernelEventType.StreamEnd,
            Stream = stream,
            Reason = (byte)KernelEndCause.Hangup,
            Session = session,
            Sequence = sequence,
            Time = ++_time,
        };
        _tracker.Handle(e, []);
    }

    private ulong Acknowledge()
    {
        _frames.CutAll();
        while (_queue.TryTake(long.MaxValue, out QueuedBatch batch))
            _queue.Release(batch);
        _queue.TryAcknowledge(_frames.Frames);
        return _frames.Frames + (ulong)_tracker.OpenSessions;
    }
}
