namespace Recorder.Wire.Tests;

/// <summary>Frames with every field set, and with as few as may be.</summary>
internal static class FrameSamples
{
    public static readonly Guid Session = new("0198a5f0-1c2d-7e3f-8a4b-5c6d7e8f9a0b");
    public static readonly Guid Origin = new("7d444840-9dc0-41d1-b245-5ffdce74fad2");
    private const ulong Time = 1_234_567_890_123;

    public static readonly SessionSnapshot FullSession = new()
    {
        Revision = 3,
        Kind = SessionKind.Exec,
        Depth = SessionDepth.Full,
        State = SessionState.Ended,
        Late = true,
        Tty = true,
        Started = Time,
        Ended = Time + 5_000_000_000,
        ExitCode = 130,
        Signal = 2,
        Parent = new Guid("0198a5f0-0000-7000-8000-000000000001"),
        Cluster = "north",
        Node = "node-a",
        Pod = new SessionPod
        {
            Namespace = "shop",
            Name = "web-5d9c7b8f6d-x2x7k",
            Uid = "6f1c1f0e-6f5c-4f0c-9f0a-000000000001",
            ServiceAccount = "web",
        },
        Container = new SessionContainer
        {
            Id = "4f5e6d7c8b9a",
            Name = "nginx",
            Image = "example.org/nginx:1.27",
            Runtime = "containerd",
            Cgroup = "/kubepods/burstable/pod6f1c1f0e/4f5e6d7c8b9a",
            CgroupVersion = 2,
            InitPid = 4711,
        },
        User = new SessionUser { Uid = 0, Gid = 0, LoginUid = 1000, Name = "root" },
        Root = new SessionRoot { Pid = 5001, Start = Time - 1, NamespacePid = 42, PidNamespace = 4026532001, MountNamespace = 4026532002 },
        EnteredBy = new SessionEntry { Pid = 4990, Start = Time - 1_000, Comm = "runc:[2:INIT]" },
        Command = ["sh", "-c", "echo grüezi", Text.FromBytes([0x66, 0xff, 0xfe])],
        Exe = "/bin/sh",
        Cwd = Text.FromBytes([.. "/srv/"u8, 0xe9]),
        Terminal = new SessionTerminal { Name = "pts/0", Columns = 120, Rows = 40 },
        Streams = [new SessionStreamInfo(StreamId.In, StreamSource.Tty), new SessionStreamInfo(StreamId.Out, StreamSource.Tty)],
        Labels = new Dictionary<string, string> { ["tier"] = "front", ["app"] = "web" },
    };

    public static readonly SessionSnapshot SmallSession = new()
    {
        Revision = 1,
        Kind = SessionKind.Terminal,
        Depth = SessionDepth.Metadata,
        State = SessionState.Open,
        Started = Time,
    };

    public static readonly ExecFrame FullExec = new()
    {
        Pid = 5001,
        Start = Time,
        ParentPid = 4990,
        ParentStart = Time - 1_000,
        NamespacePid = 42,
        Exe = "/usr/bin/env",
        Cwd = "/",
        Argv = ["env", "-i", Text.FromBytes([0xc3, 0x28]), ""],
        ArgvBytes = 70_000,
        Comm = "env",
        Uid = 1000,
        Gid = 1000,
        EffectiveUid = 0,
        EffectiveGid = 0,
        LoginUid = 1000,
        CapEffective = 0x1ffffffffff,
        CapPermitted = 0x1ffffffffff,
        CapInheritable = 0,
        CapBounding = 0xa80425fb,
        CapAmbient = 0,
        Late = true,
    };

    public static readonly NodeFrame Node = new()
    {
        Programs = [new ProgramState("tty_write", "attached", ""), new ProgramState("io_uring", "refused", "unknown func bpf_loop#181")],
        Counters = new Dictionary<string, ulong> { ["ring_full_bytes"] = 0, ["events"] = 1_000_000 },
        Sessions = 3,
        Capture = "lazy",
        RingBytes = 8 << 20,
        QueueBytes = 64 << 20,
        QueuedBytes = 17,
    };

    public static readonly ProbesFrame Probes = new()
    {
        Namespace = "shop",
        Pod = "web-0",
        Container = "nginx",
        ContainerId = "4f5e6d7c8b9a",
        Command = ["cat", "/tmp/ready"],
        Count = 360,
        First = Time,
        Last = Time + 3_600_000_000_000,
    };

    public static readonly UnrecordableFrame Unrecordable = new()
    {
        Namespace = "shop",
        Pod = "vm-0",
        Container = "vm",
        ContainerId = "00ff",
        Runtime = "kata",
        Reason = "the container runs in a virtual machine",
    };

    public static IEnumerable<Sample> All()
    {
        yield return Frame("session", "every field; text that is not UTF-8 is bin", b => new SessionFrame(FullSession).Write(b, 1, Time, Session));
        yield return Frame("session-small", "only what is required", b => new SessionFrame(SmallSession).Write(b, 1, Time, Session));
        yield return Frame("data", "output of a terminal", b => new DataFrame(StreamId.Out, 0, DataFlags.None, "$ id\r\n"u8).Write(b, 2, Time, Session));
        yield return Frame("data-large", "a 64-bit offset, all flags, 300 bytes", WriteLargeData);
        yield return Frame("gap", "of known length", b => new GapFrame(StreamId.Out, 6, 4096, GapReason.RingFull, GapPlace.Kernel, Time, Time + 9).Write(b, 4, Time, Session));
        yield return Frame("gap-unknown", "of unknown length", b => new GapFrame(StreamId.Err, 0, null, GapReason.OpenLate, GapPlace.Agent, 0, Time).Write(b, 5, Time, Session));
        yield return Frame("stream-end", "of input", b => new StreamEndFrame(StreamId.In, 4102, StreamEndCause.Eof).Write(b, 6, Time, Session));
        yield return Frame("session-end", "with an exit code", b => new SessionEndFrame(SessionEndCause.Closed, 0, null, 0).Write(b, 7, Time, Session));
        yield return Frame("session-end-signal", "by a signal", b => new SessionEndFrame(SessionEndCause.NotObserved, null, 9, 2).Write(b, 8, Time, Session));
        yield return Frame("resize", "to 120 by 40", b => new ResizeFrame(120, 40).Write(b, 9, Time, Session));
        yield return Frame("fork", "of a shell", b => new ForkFrame(5002, Time, 5001, Time - 1, 43).Write(b, 10, Time, Session));
        yield return Frame("exec", "every field", b => FullExec.Write(b, 11, Time, Session));
        yield return Frame("exec-small", "only what is required", b => new ExecFrame { Pid = 1, Start = 0 }.Write(b, 12, Time, Session));
        yield return Frame("exit", "with an exit code", b => new ExitFrame(5002, Time, 1, null, false).Write(b, 13, Time, Session));
        yield return Frame("exit-signal", "by a signal, with a core", b => new ExitFrame(5003, Time, null, 11, true).Write(b, 14, Time, Session));
        yield return Frame("connect", "IPv4, refused", b => Connect(ConnectFrame.FamilyInet, [10, 0, 0, 1], 443, 111).Write(b, 15, Time, Session));
        yield return Frame("connect-ipv6", "IPv6, in progress", b => Connect(ConnectFrame.FamilyInet6, [0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], 53, 115).Write(b, 16, Time, Session));
        yield return Frame("connect-unix", "an abstract name", b => Connect(ConnectFrame.FamilyUnix, "\0dbus"u8, 0, 0).Write(b, 17, Time, Session));
        yield return Frame("probes", "exec probes", b => Probes.Write(b, 18, Time, Origin));
        yield return Frame("node", "a heartbeat", b => Node.Write(b, 19, Time, Origin));
        yield return Frame("unrecordable", "a container in a virtual machine", b => Unrecordable.Write(b, 20, Time, Origin));
        yield return Frame("opaque", "an ancillary type of a later version", b => new OpaqueFrame((FrameType)200, 2, [0xa1, 0x78, 0x07]).Write(b, 21, Time, Session));
    }

    private static Sample Frame(string name, string description, Action<PooledBuffer> write) => new(name, "frame", description, write);

    private static void WriteLargeData(PooledBuffer buffer)
    {
        byte[] bytes = [.. Enumerable.Range(0, 300).Select(i => (byte)i)];
        const DataFlags flags = DataFlags.NotCanonical | DataFlags.IoUring | DataFlags.BeforeStart;
        new DataFrame(StreamId.In, 5_000_000_000, flags, bytes).Write(buffer, 3, Time, Session);
    }

    private static ConnectFrame Connect(ushort family, ReadOnlySpan<byte> address, ushort port, uint result) => new()
    {
        Pid = 5001,
        Start = Time,
        Socket = 0xffff888012345678,
        Family = family,
        Protocol = (ushort)(family == ConnectFrame.FamilyUnix ? 0 : 6),
        Address = address,
        Port = port,
        Result = result,
    };
}
