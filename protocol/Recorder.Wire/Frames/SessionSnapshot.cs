namespace Recorder.Wire;

/// <summary>Values of <see cref="SessionSnapshot.Kind"/>.</summary>
public static class SessionKind
{
    /// <summary>An entry into a container by its runtime.</summary>
    public const string Exec = "exec";

    /// <summary>A container's own first process, attached to.</summary>
    public const string Attach = "attach";

    /// <summary>An entry into a container's namespaces that is not its runtime's.</summary>
    public const string Nsenter = "nsenter";

    /// <summary>A terminal of the host.</summary>
    public const string Terminal = "terminal";

    /// <summary>An exec probe of the pod's own spec.</summary>
    public const string Probe = "probe";

    /// <summary>A workload that is recorded from its start.</summary>
    public const string Workload = "workload";
}

/// <summary>Values of <see cref="SessionSnapshot.Depth"/>.</summary>
public static class SessionDepth
{
    /// <summary>No stream bytes.</summary>
    public const string Metadata = "metadata";

    /// <summary>Everything.</summary>
    public const string Full = "full";
}

/// <summary>Values of <see cref="SessionSnapshot.State"/>.</summary>
public static class SessionState
{
    /// <summary>It runs.</summary>
    public const string Open = "open";

    /// <summary>It is over.</summary>
    public const string Ended = "ended";
}

/// <summary>Values of <see cref="SessionStreamInfo.Source"/>.</summary>
public static class StreamSource
{
    /// <summary>A terminal.</summary>
    public const string Tty = "tty";

    /// <summary>A pipe.</summary>
    public const string Pipe = "pipe";

    /// <summary>/dev/null: nothing to record.</summary>
    public const string Null = "null";

    /// <summary>A file: not recorded.</summary>
    public const string File = "file";

    /// <summary>A socket: not recorded.</summary>
    public const string Socket = "socket";

    /// <summary>Closed.</summary>
    public const string None = "none";

    /// <summary>Something else: not recorded.</summary>
    public const string Other = "other";
}

/// <summary>Everything that is known of a session. A later revision replaces the earlier ones. Null means "not known".</summary>
public sealed record SessionSnapshot
{
    /// <summary>Number of this snapshot, from 1.</summary>
    public required ulong Revision { get; init; }

    /// <summary>How it began: one of <see cref="SessionKind"/>, or one that a later version adds.</summary>
    public required string Kind { get; init; }

    /// <summary>What is recorded: one of <see cref="SessionDepth"/>.</summary>
    public required string Depth { get; init; }

    /// <summary>One of <see cref="SessionState"/>.</summary>
    public required string State { get; init; }

    /// <summary>Whether it ran before recording began.</summary>
    public bool Late { get; init; }

    /// <summary>Whether it has a terminal.</summary>
    public bool Tty { get; init; }

    /// <summary>When it began, CLOCK_BOOTTIME nanoseconds.</summary>
    public required ulong Started { get; init; }

    /// <summary>When it ended.</summary>
    public ulong? Ended { get; init; }

    /// <summary>Exit code of its root process.</summary>
    public int? ExitCode { get; init; }

    /// <summary>The signal that ended its root process.</summary>
    public int? Signal { get; init; }

    /// <summary>The session from which it was begun.</summary>
    public Guid? Parent { get; init; }

    /// <summary>The cluster's name as configured.</summary>
    public string? Cluster { get; init; }

    /// <summary>The node's name.</summary>
    public string? Node { get; init; }

    /// <summary>The pod.</summary>
    public SessionPod? Pod { get; init; }

    /// <summary>The container.</summary>
    public SessionContainer? Container { get; init; }

    /// <summary>The user of the root process.</summary>
    public SessionUser? User { get; init; }

    /// <summary>The first process.</summary>
    public SessionRoot? Root { get; init; }

    /// <summary>The process that entered the container.</summary>
    public SessionEntry? EnteredBy { get; init; }

    /// <summary>Arguments of the first program.</summary>
    public IReadOnlyList<Text>? Command { get; init; }

    /// <summary>Path of the first program.</summary>
    public Text? Exe { get; init; }

    /// <summary>Working directory at its start.</summary>
    public Text? Cwd { get; init; }

    /// <summary>The terminal at its start.</summary>
    public SessionTerminal? Terminal { get; init; }

    /// <summary>The streams and what stands behind each.</summary>
    public IReadOnlyList<SessionStreamInfo>? Streams { get; init; }

    /// <summary>The pod's labels; what is beyond <see cref="WireLimits.Labels"/> is not written.</summary>
    public IReadOnlyDictionary<string, string>? Labels { get; init; }
}
