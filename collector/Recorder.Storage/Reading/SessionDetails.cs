namespace Recorder.Storage;

/// <summary>One execve of a process. Capabilities are bit masks.</summary>
public sealed record ProcessExec
{
    /// <summary>When, Unix nanoseconds.</summary>
    public required long Time { get; init; }

    /// <summary>Path of the executable.</summary>
    public string Exe { get; init; } = "";

    /// <summary>Working directory.</summary>
    public string Cwd { get; init; } = "";

    /// <summary>Arguments; cut if <see cref="ArgvBytes"/> is more than they hold.</summary>
    public IReadOnlyList<string> Argv { get; init; } = [];

    /// <summary>Size of all arguments in bytes before they were cut; null if not cut.</summary>
    public uint? ArgvBytes { get; init; }

    /// <summary>Command name (at most 15 bytes).</summary>
    public string Comm { get; init; } = "";

    /// <summary>Real user id.</summary>
    public uint? Uid { get; init; }

    /// <summary>Real group id.</summary>
    public uint? Gid { get; init; }

    /// <summary>Effective user id.</summary>
    public uint? Euid { get; init; }

    /// <summary>Effective group id.</summary>
    public uint? Egid { get; init; }

    /// <summary>Login user id (audit).</summary>
    public uint? LoginUid { get; init; }

    /// <summary>Effective capabilities.</summary>
    public ulong? CapEffective { get; init; }

    /// <summary>Permitted capabilities.</summary>
    public ulong? CapPermitted { get; init; }

    /// <summary>Inheritable capabilities.</summary>
    public ulong? CapInheritable { get; init; }

    /// <summary>Bounding set.</summary>
    public ulong? CapBounding { get; init; }

    /// <summary>Ambient capabilities.</summary>
    public ulong? CapAmbient { get; init; }

    /// <summary>Seen after it happened (the process ran before recording began).</summary>
    public bool Late { get; init; }
}

/// <summary>A process of a session, merged from its FORK, EXEC and EXIT frames.</summary>
public sealed record SessionProcess
{
    /// <summary>Process id on the node.</summary>
    public required uint Pid { get; init; }

    /// <summary>Start, nanoseconds of CLOCK_BOOTTIME; with the pid it names the process.</summary>
    public required ulong Start { get; init; }

    /// <summary>Parent's process id, null if not known.</summary>
    public uint? Ppid { get; init; }

    /// <summary>Parent's start.</summary>
    public ulong? ParentStart { get; init; }

    /// <summary>Process id in its own namespace.</summary>
    public uint? NsPid { get; init; }

    /// <summary>When it was forked, Unix nanoseconds.</summary>
    public long? Forked { get; init; }

    /// <summary>When it exited, Unix nanoseconds.</summary>
    public long? Exited { get; init; }

    /// <summary>Exit code.</summary>
    public int? ExitCode { get; init; }

    /// <summary>Signal that ended it.</summary>
    public int? Signal { get; init; }

    /// <summary>Dumped core.</summary>
    public bool CoreDumped { get; init; }

    /// <summary>Programs it ran, in order.</summary>
    public IReadOnlyList<ProcessExec> Execs { get; init; } = [];
}

/// <summary>An outbound connect of a session's process.</summary>
/// <param name="Time">When, Unix nanoseconds.</param>
/// <param name="Pid">Process id on the node.</param>
/// <param name="Start">The process's start, nanoseconds of CLOCK_BOOTTIME.</param>
/// <param name="Socket">The kernel's socket id.</param>
/// <param name="Family">Address family: 1 AF_UNIX, 2 AF_INET, 10 AF_INET6.</param>
/// <param name="Protocol">IP protocol: 6 TCP, 17 UDP.</param>
/// <param name="Address">4 or 16 bytes, or the path of a Unix socket.</param>
/// <param name="Port">Port.</param>
/// <param name="Result">0 or a positive errno.</param>
public sealed record SessionConnection(
    long Time, uint Pid, ulong Start, ulong Socket, ushort Family, ushort Protocol, ReadOnlyMemory<byte> Address, ushort Port, int Result);

/// <summary>How far a frame query has come: frames after it are wanted.</summary>
public readonly record struct FrameKey(ulong Boottime, Guid Epoch, ulong Seq);

/// <summary>A frame's number in its epoch.</summary>
public readonly record struct EpochPosition(Guid Epoch, ulong Seq);

/// <summary>Which frames of a session. Empty lists mean all.</summary>
public sealed record FrameFilter
{
    /// <summary>Frame types by number.</summary>
    public IReadOnlyList<byte> Types { get; init; } = [];

    /// <summary>Streams by number; frames that belong to no stream are kept.</summary>
    public IReadOnlyList<byte> Streams { get; init; } = [];

    /// <summary>From this CLOCK_BOOTTIME on, nanoseconds.</summary>
    public ulong? From { get; init; }

    /// <summary>Before this CLOCK_BOOTTIME, nanoseconds.</summary>
    public ulong? To { get; init; }

    /// <summary>After this frame.</summary>
    public FrameKey? After { get; init; }

    /// <summary>Of these epochs only frames with a higher number: what was stored since they were seen, whatever its time.</summary>
    public IReadOnlyList<EpochPosition> Behind { get; init; } = [];
}

/// <summary>What takes the place of missing bytes.</summary>
public enum GapMode
{
    /// <summary>Left out.</summary>
    Skip,

    /// <summary>Zero bytes, so that offsets hold.</summary>
    Zero,
}

/// <summary>A missing stretch of a stream.</summary>
/// <param name="Offset">Where, in bytes.</param>
/// <param name="Length">How long; null: unknown, and it occupies no offset.</param>
/// <param name="Reason">GAP reason of FORMAT.md; 0 for a hole that no frame explains.</param>
/// <param name="Place">GAP place of FORMAT.md; 0 for a hole.</param>
public sealed record StreamGap(ulong Offset, ulong? Length, byte Reason, byte Place);

/// <summary>How a stream is tiled.</summary>
/// <param name="Stream">0 in, 1 out, 2 err.</param>
/// <param name="Bytes">Bytes stored.</param>
/// <param name="End">Highest offset + length of its DATA and GAP frames.</param>
/// <param name="Length">The total by its STREAM_END, null if that isn't stored.</param>
/// <param name="Gaps">GAP frames and holes by offset.</param>
/// <param name="Overlaps">Stretches stored twice, or frames stored in differing copies.</param>
public sealed record StreamMap(byte Stream, ulong Bytes, ulong End, ulong? Length, IReadOnlyList<StreamGap> Gaps, ulong Overlaps);

/// <summary>What to search for.</summary>
public sealed record SearchQuery
{
    /// <summary>RE2 pattern or, if <see cref="Fixed"/>, plain text; 1 to 4,096 bytes of UTF-8.</summary>
    public required string Pattern { get; init; }

    /// <summary>The pattern is plain text.</summary>
    public bool Fixed { get; init; }

    /// <summary>Upper and lower case are the same.</summary>
    public bool IgnoreCase { get; init; }

    /// <summary>In which sessions.</summary>
    public SessionFilter Sessions { get; init; } = new();

    /// <summary>In which streams: 0 in, 1 out, 2 err.</summary>
    public IReadOnlyList<byte> Streams { get; init; } = [1, 2];

    /// <summary>At most so many hits, 1 to 100,000.</summary>
    public int Limit { get; init; } = 1000;
}

/// <summary>A match in recorded output.</summary>
/// <param name="Session">Session; only the newest snapshot's facts.</param>
/// <param name="Stream">Stream.</param>
/// <param name="Offset">Where the match begins in the stream, in bytes.</param>
/// <param name="Time">When the frame that holds its first byte was recorded, Unix nanoseconds.</param>
/// <param name="Line">The line's bytes, cut at 4 KiB around the match.</param>
/// <param name="MatchStart">Where the match begins in <paramref name="Line"/>, in bytes.</param>
/// <param name="MatchLength">Its length in bytes.</param>
public sealed record SearchHit(
    SessionRecord Session, byte Stream, ulong Offset, long Time, ReadOnlyMemory<byte> Line, int MatchStart, int MatchLength);

/// <summary>A name with a number.</summary>
public sealed record OriginProgram(string Name, string State, string Detail);

/// <summary>Exec probes that were counted and not recorded.</summary>
public sealed record OriginProbe(
    string Namespace, string Pod, string Container, string ContainerId, IReadOnlyList<string> Command, ulong Count, long? First, long? Last);

/// <summary>A pod that can't be recorded.</summary>
public sealed record OriginUnrecordable(
    string Namespace, string Pod, string Container, string ContainerId, string Runtime, string Reason, long Time);

/// <summary>A node and what it last said. Times are Unix nanoseconds.</summary>
public sealed record OriginRecord
{
    /// <summary>Origin id.</summary>
    public required Guid Id { get; init; }

    /// <summary>Cluster.</summary>
    public string Cluster { get; init; } = "";

    /// <summary>Node name.</summary>
    public string Node { get; init; } = "";

    /// <summary>Node's uid.</summary>
    public string NodeUid { get; init; } = "";

    /// <summary>Agent version.</summary>
    public string Agent { get; init; } = "";

    /// <summary>Kernel release.</summary>
    public string Kernel { get; init; } = "";

    /// <summary>Architecture.</summary>
    public string Architecture { get; init; } = "";

    /// <summary>Boot id.</summary>
    public Guid BootId { get; init; }

    /// <summary>Current epoch.</summary>
    public Guid Epoch { get; init; }

    /// <summary>Last HELLO, by the collector's clock.</summary>
    public long? ConnectedAt { get; init; }

    /// <summary>Last heartbeat, by the node's clock.</summary>
    public long? LastHeartbeat { get; init; }

    /// <summary>Open sessions at the last heartbeat.</summary>
    public ulong? Sessions { get; init; }

    /// <summary>lazy or strict.</summary>
    public string Capture { get; init; } = "";

    /// <summary>Size of the ring in bytes.</summary>
    public ulong? RingBytes { get; init; }

    /// <summary>Size of the queue in bytes.</summary>
    public ulong? QueueBytes { get; init; }

    /// <summary>Bytes waiting in it.</summary>
    public ulong? QueuedBytes { get; init; }

    /// <summary>Kernel programs.</summary>
    public IReadOnlyList<OriginProgram> Programs { get; init; } = [];

    /// <summary>Counters by name.</summary>
    public IReadOnlyDictionary<string, ulong> Counters { get; init; } = new Dictionary<string, ulong>();

    /// <summary>Probes.</summary>
    public IReadOnlyList<OriginProbe> Probes { get; init; } = [];

    /// <summary>What can't be recorded.</summary>
    public IReadOnlyList<OriginUnrecordable> Unrecordable { get; init; } = [];
}
