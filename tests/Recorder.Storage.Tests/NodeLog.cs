using System.Buffers;
using Recorder.Wire;

namespace Recorder.Storage.Tests;

/// <summary>A node's epoch: makes frames and cuts batches as an agent does.</summary>
internal sealed class NodeLog
{
    private readonly BatchBuilder _builder;
    private ulong _time = 1_000_000_000;

    public NodeLog(Guid? origin = null, Guid? epoch = null)
    {
        Origin = origin ?? Guid.NewGuid();
        Epoch = epoch ?? Guid.CreateVersion7();
        _builder = new BatchBuilder(Origin, Epoch, BootId);
    }

    public Guid Origin { get; }

    public Guid Epoch { get; }

    public Guid BootId { get; } = Guid.NewGuid();

    public ulong Realtime { get; init; } = (ulong)UnixTime.From(DateTimeOffset.UtcNow);

    public ulong Now => _time;

    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public delegate void FrameWriter(IBufferWriter<byte> output, ulong seq, ulong time, Guid subject);

    public NodeLog Add(Guid subject, FrameWriter write)
    {
        _time += 1_000_000;
        write(_builder.BeginFrame(_builder.NextSeq, subject), _builder.NextSeq, _time, subject);
        _builder.EndFrame();
        return this;
    }

    public NodeLog Data(Guid session, StreamId stream, ulong offset, byte[] bytes) =>
        Add(session, (output, seq, time, subject) => new DataFrame(stream, offset, DataFlags.None, bytes).Write(output, seq, time, subject));

    public NodeLog Data(Guid session, StreamId stream, ulong offset, string text) =>
        Data(session, stream, offset, System.Text.Encoding.UTF8.GetBytes(text));

    public NodeLog Gap(Guid session, StreamId stream, ulong offset, ulong? length, GapReason reason) =>
        Add(session, new GapFrame(stream, offset, length, reason, GapPlace.Kernel, 1, 2).Write);

    public NodeLog StreamEnd(Guid session, StreamId stream, ulong total, StreamEndCause cause = StreamEndCause.Eof) =>
        Add(session, new StreamEndFrame(stream, total, cause).Write);

    public NodeLog Session(Guid session, Func<SessionSnapshot, SessionSnapshot>? change = null)
    {
        SessionSnapshot snapshot = Snapshots.Exec(_time);
        return Add(session, new SessionFrame(change?.Invoke(snapshot) ?? snapshot).Write);
    }

    public NodeLog SessionEnd(Guid session, SessionEndCause cause = SessionEndCause.Closed, int? exitCode = 0) =>
        Add(session, new SessionEndFrame(cause, exitCode, null, 0).Write);

    public Batch Cut()
    {
        var output = new ArrayBufferWriter<byte>();
        _builder.Cut(_time, Realtime + _time, output);
        return Batch.Read(output.WrittenMemory);
    }
}

/// <summary>Snapshots of sessions.</summary>
internal static class Snapshots
{
    public static SessionSnapshot Exec(ulong started) => new()
    {
        Revision = 1,
        Kind = SessionKind.Exec,
        Depth = SessionDepth.Full,
        State = SessionState.Open,
        Tty = true,
        Started = started,
        Cluster = "test",
        Node = "node-1",
        Pod = new SessionPod { Namespace = "default", Name = "web", Uid = "0b1c", ServiceAccount = "builder" },
        Container = new SessionContainer { Id = "c0ffee00c0ffee00", Name = "main", Image = "busybox:1", Runtime = "containerd" },
        User = new SessionUser { Uid = 0, Gid = 0, Name = "root" },
        Root = new SessionRoot { Pid = 4711, Start = started, NamespacePid = 7 },
        Command = ["sh", "-c", "echo it's \"50%\" \\ done"],
        Exe = "/bin/busybox",
        Cwd = "/",
        Terminal = new SessionTerminal { Name = "pts/0", Columns = 80, Rows = 24 },
        Streams = [new(StreamId.In, StreamSource.Tty), new(StreamId.Out, StreamSource.Tty)],
        Labels = new Dictionary<string, string> { ["app"] = "web" },
    };
}
