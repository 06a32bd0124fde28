using System.Buffers;
using System.Text;
using Recorder.Wire;

namespace Recorder.Collector.Tests.Fixtures;

/// <summary>Writes the frames and batches of one epoch, as an agent does.</summary>
internal sealed class SimulatedNode : IDisposable
{
    private readonly BatchBuilder _batches;
    private ulong _time = 5_000_000_000;

    public SimulatedNode(Guid? origin = null, Guid? epoch = null, string name = "node-1")
    {
        Origin = new Origin
        {
            Id = origin ?? Guid.NewGuid(), Cluster = "test", Node = name, NodeUid = "uid-1", BootId = Guid.NewGuid(),
            Agent = "0.1.0", Kernel = "6.1.0", Architecture = "x86_64",
        };
        Epoch = epoch ?? Guid.CreateVersion7();
        _batches = new BatchBuilder(Origin.Id, Epoch, Origin.BootId);
    }

    public delegate void FrameWriter(IBufferWriter<byte> output, ulong seq, ulong time, Guid subject);

    public Origin Origin { get; }

    public Guid Epoch { get; }

    public ulong LastSeq => _batches.NextSeq - 1;

    /// <summary>Boot time of the next frame.</summary>
    public ulong Now => _time + 1_000_000;

    /// <summary>What is added to a boot time to have Unix nanoseconds.</summary>
    public ulong BootedAt { get; } = (ulong)(DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).Ticks * 100;

    public Hello Hello() => new(WireLimits.OldestVersion, WireLimits.Version, Origin, Epoch, null);

    public SimulatedNode Add(Guid subject, FrameWriter write)
    {
        _time += 1_000_000;
        write(_batches.BeginFrame(_batches.NextSeq, subject), _batches.NextSeq, _time, subject);
        _batches.EndFrame();
        return this;
    }

    public SimulatedNode Session(Guid session, Func<SessionSnapshot, SessionSnapshot>? change = null)
    {
        var snapshot = new SessionSnapshot
        {
            Revision = 1, Kind = SessionKind.Exec, Depth = SessionDepth.Full, State = SessionState.Open, Tty = false, Started = Now,
            Cluster = "test", Node = Origin.Node,
            Pod = new SessionPod { Namespace = "default", Name = "web", Uid = "pod-uid", ServiceAccount = "builder" },
            Container = new SessionContainer { Id = "c0ffee00c0ffee00", Name = "main", Image = "busybox:1", Runtime = "containerd" },
            User = new SessionUser { Uid = 0, Gid = 0, Name = "root" },
            Root = new SessionRoot { Pid = 4711, Start = Now, NamespacePid = 7 },
            Command = ["sh", "-c", "echo hello"], Exe = "/bin/busybox", Cwd = "/",
            Streams = [new(StreamId.Out, StreamSource.Pipe), new(StreamId.Err, StreamSource.Pipe)],
        };
        return Add(session, new SessionFrame(change?.Invoke(snapshot) ?? snapshot).Write);
    }

    public SimulatedNode Data(Guid session, StreamId stream, ulong offset, byte[] bytes) =>
        Add(session, (output, seq, time, subject) => new DataFrame(stream, offset, DataFlags.None, bytes).Write(output, seq, time, subject));

    public SimulatedNode Data(Guid session, StreamId stream, ulong offset, string text) => Data(session, stream, offset, Encoding.UTF8.GetBytes(text));

    public SimulatedNode Gap(Guid session, StreamId stream, ulong offset, ulong? length, GapReason reason = GapReason.RingFull) =>
        Add(session, new GapFrame(stream, offset, length, reason, GapPlace.Kernel, Now, Now).Write);

    public SimulatedNode StreamEnd(Guid session, StreamId stream, ulong total) => Add(session, new StreamEndFrame(stream, total, StreamEndCause.Eof).Write);

    public SimulatedNode SessionEnd(Guid session, int exitCode = 0) => Add(session, new SessionEndFrame(SessionEndCause.Closed, exitCode, null, 0).Write);

    public SimulatedNode Heartbeat(ulong sessions) => Add(Origin.Id, new NodeFrame { Sessions = sessions, Capture = "lazy", Counters = new Dictionary<string, ulong> { ["ring_full"] = 3 } }.Write);

    /// <summary>A whole session that wrote one line to <c>out</c> and nothing to <c>err</c>.</summary>
    public SimulatedNode WholeSession(Guid session, string output, Func<SessionSnapshot, SessionSnapshot>? change = null) => Session(session, change)
        .Data(session, StreamId.Out, 0, output)
        .StreamEnd(session, StreamId.Out, (ulong)Encoding.UTF8.GetByteCount(output))
        .StreamEnd(session, StreamId.Err, 0)
        .SessionEnd(session);

    public byte[] Cut()
    {
        var output = new ArrayBufferWriter<byte>();
        _batches.Cut(_time, BootedAt + _time, output);
        return output.WrittenSpan.ToArray();
    }

    public void Dispose() => _batches.Dispose();
}
