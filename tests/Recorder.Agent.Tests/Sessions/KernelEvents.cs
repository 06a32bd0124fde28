using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Recorder.Kernel;

namespace Recorder.Agent.Tests.Sessions;

/// <summary>Makes the kernel's records of one session, numbered and timed as the kernel does it.</summary>
internal sealed class KernelEvents(ulong session = 1, ulong time = 1_000_000_000)
{
    public const uint RootPid = 4711;
    public const ulong RootStart = 900_000_000;

    private readonly ulong[] _offsets = new ulong[3];
    private ulong _sequence;

    /// <summary>Event time of the next record.</summary>
    public ulong Time { get; set; } = time;

    /// <summary>Kernel offset behind the last byte of a stream.</summary>
    public ulong Total(KernelStream stream) => _offsets[(int)stream];

    public (KernelEvent Event, byte[] Payload) Pending() => Make(KernelEventType.Pending, []);

    public (KernelEvent Event, byte[] Payload) Drop() => Make(KernelEventType.Drop, []);

    public (KernelEvent Event, byte[] Payload) Data(KernelStream stream, string text, KernelDataFlags flags = 0) =>
        Data(stream, Encoding.UTF8.GetBytes(text), flags);

    public (KernelEvent Event, byte[] Payload) Data(KernelStream stream, byte[] bytes, KernelDataFlags flags = 0)
    {
        var made = Make(KernelEventType.Data, (flags & KernelDataFlags.Masked) != 0 ? [] : bytes, stream, length: (ulong)bytes.Length, flags: (uint)flags);
        _offsets[(int)stream] += (ulong)bytes.Length;
        return made;
    }

    public (KernelEvent Event, byte[] Payload) Gap(KernelStream stream, ulong length, KernelGapReason reason)
    {
        var made = Make(KernelEventType.Gap, [], stream, (byte)reason, length);
        _offsets[(int)stream] += length;
        return made;
    }

    public (KernelEvent Event, byte[] Payload) StreamEnd(KernelStream stream, KernelEndCause cause = KernelEndCause.EndOfFile) =>
        Make(KernelEventType.StreamEnd, [], stream, (byte)cause);

    public (KernelEvent Event, byte[] Payload) Resize(ushort columns, ushort rows) =>
        Make(KernelEventType.Resize, [], value: ((uint)columns << 16) | rows);

    public (KernelEvent Event, byte[] Payload) Fork(uint pid, uint live) => Make(KernelEventType.Fork, AsBytes(new KernelFork
    {
        Pid = pid, StartTime = Time, ParentPid = RootPid, ParentStartTime = RootStart, NamespacePid = 7, Live = live,
    }));

    public (KernelEvent Event, byte[] Payload) Exit(uint status, uint live, uint pid = RootPid, ulong start = RootStart) =>
        Make(KernelEventType.Exit, AsBytes(new KernelExit { StartTime = start, Live = live }), value: status, pid: pid);

    public (KernelEvent Event, byte[] Payload) Exec(uint pid, params string[] argv)
    {
        var strings = Encoding.UTF8.GetBytes(string.Concat(argv.Select(argument => argument + "\0")) + "/bin/x" + "/");
        var process = new KernelProcess { Pid = pid, StartTime = Time, ArgvSize = (ushort)(strings.Length - 7), ArgvTotal = (uint)(strings.Length - 7), ExeSize = 6, CwdSize = 1, LoginUid = uint.MaxValue };
        return Make(KernelEventType.Exec, [.. AsBytes(process), .. strings], pid: pid);
    }

    public (KernelEvent Event, byte[] Payload) Start(Start start)
    {
        var argv = Encoding.UTF8.GetBytes(string.Concat(start.Argv.Select(argument => argument + "\0")));
        var exe = Encoding.UTF8.GetBytes("/bin/sh");
        var cgroup = Encoding.UTF8.GetBytes(start.Cgroup);
        var head = new KernelStart
        {
            CgroupId = 77,
            CgroupVersion = 2,
            Kind = start.Kind,
            TtyKey = start.Tty ? 0xffff_8881_0000_0000UL : 0,
            TtyIndex = 3,
            Columns = 80,
            Rows = 24,
            Streams = start.Streams,
            CgroupSize = (ushort)cgroup.Length,
            Input = new KernelStdio { Source = start.Input },
            Output = new KernelStdio { Source = start.Output, Inode = 1002 },
            Error = new KernelStdio { Source = start.Error, Inode = start.ErrorIsOutput ? 1002UL : 1003UL },
            ParentSession = start.Parent,
            Container = Name(start.Container),
            Process = new KernelProcess
            {
                Pid = start.Pid,
                StartTime = start.StartTime,
                ParentPid = 4700,
                NamespacePid = 42,
                LoginUid = uint.MaxValue,
                Flags = start.Late ? KernelProcessFlags.Late | KernelProcessFlags.ArgvUnreadable : 0,
                ArgvSize = (ushort)argv.Length,
                ArgvTotal = (uint)argv.Length,
                ExeSize = (ushort)exe.Length,
                CwdSize = 1,
            },
        };
        return Make(start.IsContainer ? KernelEventType.Container : KernelEventType.Start, [.. AsBytes(head), .. cgroup, .. argv, .. exe, (byte)'/']);
    }

    /// <summary>A record that never comes: its number and bytes are used up.</summary>
    public void Lose(KernelStream stream, ulong length)
    {
        _sequence++;
        _offsets[(int)stream] += length;
    }

    private (KernelEvent Event, byte[] Payload) Make(
        KernelEventType type, byte[] payload, KernelStream stream = 0, byte reason = 0, ulong length = 0, uint flags = 0, uint value = 0, uint pid = 99)
    {
        var made = new KernelEvent
        {
            Type = type,
            Stream = stream,
            Reason = reason,
            PayloadSize = (uint)payload.Length,
            Session = type == KernelEventType.Container ? 0 : session,
            Sequence = _sequence++,
            Time = Time,
            Offset = _offsets[(int)stream],
            Length = length,
            Pid = pid,
            Flags = flags,
            Value = value,
        };
        return (made, payload);
    }

    private static KernelContainerName Name(string text)
    {
        var name = default(KernelContainerName);
        Encoding.UTF8.GetBytes(text).CopyTo((Span<byte>)name);
        return name;
    }

    private static byte[] AsBytes<T>(T value)
        where T : unmanaged
    {
        var bytes = new byte[Unsafe.SizeOf<T>()];
        MemoryMarshal.Write(bytes, value);
        return bytes;
    }
}

/// <summary>What a START says.</summary>
internal sealed record Start
{
    public const string ContainerName = "72bd7a574350d33032a840ca7e9385a7573b87ee4c551bd69046e2e742d028fe";

    public KernelKind Kind { get; init; } = KernelKind.Exec;

    public bool Tty { get; init; }

    public bool Late { get; init; }

    public bool IsContainer { get; init; }

    public bool ErrorIsOutput { get; init; }

    public ulong Parent { get; init; }

    public string[] Argv { get; init; } = ["sh", "-c", "id"];

    public string Container { get; init; } = ContainerName;

    public string Cgroup { get; init; } = "/kubepods/besteffort/pod77d5e317-270a-4b07-8590-81be3fe54b1c/" + ContainerName;

    public uint Pid { get; init; } = KernelEvents.RootPid;

    public ulong StartTime { get; init; } = KernelEvents.RootStart;

    public ushort Streams { get; init; } = 7;

    public KernelSource Input { get; init; } = KernelSource.Pipe;

    public KernelSource Output { get; init; } = KernelSource.Pipe;

    public KernelSource Error { get; init; } = KernelSource.Pipe;

    public static Start Terminal { get; } = new()
    {
        Tty = true, Streams = 3, Input = KernelSource.Tty, Output = KernelSource.Tty, Error = KernelSource.Tty, Argv = ["sh"],
    };

    public static Start OutputOnly { get; } = new() { Streams = 6, Input = KernelSource.Null };
}
