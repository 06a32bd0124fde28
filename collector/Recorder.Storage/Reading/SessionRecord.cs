namespace Recorder.Storage;

/// <summary>A stream of a session.</summary>
/// <param name="Stream">0 in, 1 out, 2 err.</param>
/// <param name="Bytes">Bytes stored.</param>
/// <param name="Gaps">GAP frames and, once the session ended, holes.</param>
/// <param name="GapBytes">What GAP frames of known length and holes stand for, in bytes.</param>
/// <param name="Length">The stream's total by its STREAM_END, null while not known.</param>
/// <param name="Ended">True if its STREAM_END is stored.</param>
/// <param name="Source">What the runtime held: tty, pipe, null, file, socket, none, other; null if not said.</param>
public sealed record StreamSummary(byte Stream, ulong Bytes, ulong Gaps, ulong GapBytes, ulong? Length, bool Ended, string? Source);

/// <summary>
/// A session as its newest snapshot says, with its verdict. Times are Unix nanoseconds (UTC); null or empty: not known.
/// </summary>
public sealed record SessionRecord
{
    /// <summary>The session's id.</summary>
    public required Guid Id { get; init; }

    /// <summary>The node that wrote it.</summary>
    public required Guid Origin { get; init; }

    /// <summary>Revision of the snapshot; 0 if no SESSION frame has arrived.</summary>
    public ulong Revision { get; init; }

    /// <summary>exec, attach, nsenter, terminal, probe, workload.</summary>
    public string Kind { get; init; } = "";

    /// <summary>metadata or full.</summary>
    public string Depth { get; init; } = "";

    /// <summary>True once ended: by its snapshot or its SESSION_END frame.</summary>
    public bool Ended { get; init; }

    /// <summary>Recording began after the session did.</summary>
    public bool Late { get; init; }

    /// <summary>Has a terminal.</summary>
    public bool Tty { get; init; }

    /// <summary>Start by the node's clock.</summary>
    public long StartedAt { get; init; }

    /// <summary>End by the node's clock.</summary>
    public long? EndedAt { get; init; }

    /// <summary>Start, nanoseconds of the node's CLOCK_BOOTTIME: what frame times are relative to.</summary>
    public ulong StartedBoottime { get; init; }

    /// <summary>Exit code of the root process.</summary>
    public int? ExitCode { get; init; }

    /// <summary>Signal that ended the root process.</summary>
    public int? Signal { get; init; }

    /// <summary>The session this one was entered from.</summary>
    public Guid? Parent { get; init; }

    /// <summary>Cluster.</summary>
    public string Cluster { get; init; } = "";

    /// <summary>Node name.</summary>
    public string Node { get; init; } = "";

    /// <summary>Pod's namespace.</summary>
    public string Namespace { get; init; } = "";

    /// <summary>Pod's name.</summary>
    public string Pod { get; init; } = "";

    /// <summary>Pod's uid.</summary>
    public string PodUid { get; init; } = "";

    /// <summary>Pod's service account.</summary>
    public string ServiceAccount { get; init; } = "";

    /// <summary>Container's name.</summary>
    public string Container { get; init; } = "";

    /// <summary>Container's id.</summary>
    public string ContainerId { get; init; } = "";

    /// <summary>Container's image.</summary>
    public string Image { get; init; } = "";

    /// <summary>Container runtime.</summary>
    public string Runtime { get; init; } = "";

    /// <summary>User name.</summary>
    public string User { get; init; } = "";

    /// <summary>User id in the container's user namespace as the node sees it.</summary>
    public uint? Uid { get; init; }

    /// <summary>Group id.</summary>
    public uint? Gid { get; init; }

    /// <summary>Login user id (audit).</summary>
    public uint? LoginUid { get; init; }

    /// <summary>The command's arguments.</summary>
    public IReadOnlyList<string> Command { get; init; } = [];

    /// <summary>Path of the root process's executable.</summary>
    public string Exe { get; init; } = "";

    /// <summary>Working directory of the root process.</summary>
    public string Cwd { get; init; } = "";

    /// <summary>Root process.</summary>
    public uint? RootPid { get; init; }

    /// <summary>Its start time, nanoseconds of CLOCK_BOOTTIME.</summary>
    public ulong? RootStart { get; init; }

    /// <summary>Terminal's name.</summary>
    public string TerminalName { get; init; } = "";

    /// <summary>Terminal's columns at the start.</summary>
    public uint? TerminalColumns { get; init; }

    /// <summary>Terminal's rows at the start.</summary>
    public uint? TerminalRows { get; init; }

    /// <summary>Labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>About loss.</summary>
    public Verdict Verdict { get; init; }

    /// <summary>Why it isn't COMPLETE: one text each.</summary>
    public IReadOnlyList<string> Reasons { get; init; } = [];

    /// <summary>About tampering.</summary>
    public Proof Proof { get; init; }

    /// <summary>Streams in order of their number.</summary>
    public IReadOnlyList<StreamSummary> Streams { get; init; } = [];
}

/// <summary>About loss; docs/architecture.md says what each means.</summary>
public enum Verdict : byte
{
    /// <summary>Running.</summary>
    Open = 0,

    /// <summary>Ended; every byte is stored or was left out by policy.</summary>
    Complete = 1,

    /// <summary>Something is known to be missing.</summary>
    Gapped = 2,

    /// <summary>Whether something is missing can't be told: opened late, or an end wasn't seen.</summary>
    Unproven = 3,
}

/// <summary>About tampering.</summary>
public enum Proof : byte
{
    /// <summary>Not anchored.</summary>
    None = 0,

    /// <summary>Waiting for a checkpoint.</summary>
    Pending = 1,

    /// <summary>Under a checkpoint.</summary>
    Anchored = 2,

    /// <summary>Verification failed.</summary>
    Failed = 3,
}
