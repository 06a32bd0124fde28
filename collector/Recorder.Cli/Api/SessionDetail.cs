using System.Text.Json;

namespace Recorder.Cli.Api;

/// <summary>A process of a session. Pid and start together name it: pids are used again.</summary>
internal sealed record SessionProcess
{
    public long Pid { get; init; }
    public JsonElement Start { get; init; }
    public long? Ppid { get; init; }
    public JsonElement ParentStart { get; init; }
    public long? NsPid { get; init; }
    public DateTimeOffset? Forked { get; init; }
    public DateTimeOffset? Exited { get; init; }
    public int? ExitCode { get; init; }
    public int? Signal { get; init; }
    public IReadOnlyList<ProcessExec>? Execs { get; init; }
}

/// <summary>A program that a process began to run.</summary>
internal sealed record ProcessExec
{
    public DateTimeOffset? Time { get; init; }
    public string? Exe { get; init; }
    public string? Cwd { get; init; }
    public IReadOnlyList<string>? Argv { get; init; }
    public long? ArgvBytes { get; init; }
    public long? Uid { get; init; }
    public long? Euid { get; init; }
}

/// <summary>An outbound connection that a session's process tried.</summary>
internal sealed record SessionConnection
{
    public DateTimeOffset? Time { get; init; }
    public long Pid { get; init; }
    public string? Family { get; init; }
    public string? Protocol { get; init; }
    public string? Address { get; init; }
    public int? Port { get; init; }
    public int Result { get; init; }
    public string? Error { get; init; }
}

/// <summary>Place of a hit in the line: UTF-8 bytes.</summary>
internal sealed record SearchHit
{
    public required string Session { get; init; }
    public string? Namespace { get; init; }
    public string? Pod { get; init; }
    public string? Container { get; init; }
    public string? Stream { get; init; }
    public long Offset { get; init; }
    public DateTimeOffset? Time { get; init; }
    public string? Line { get; init; }
    public IReadOnlyList<int>? Match { get; init; }
}

/// <summary>A node that sends recordings.</summary>
internal sealed record Origin
{
    public required string Id { get; init; }
    public string? Cluster { get; init; }
    public string? Node { get; init; }
    public string? Agent { get; init; }
    public string? Kernel { get; init; }
    public string? Architecture { get; init; }
    public DateTimeOffset? Seen { get; init; }
    public DateTimeOffset? Heartbeat { get; init; }
    public long? Sessions { get; init; }
    public string? Capture { get; init; }
    public IReadOnlyDictionary<string, ulong>? Counters { get; init; }
    public IReadOnlyList<OriginProgram>? Programs { get; init; }
    public IReadOnlyList<OriginProbe>? Probes { get; init; }
    public IReadOnlyList<OriginUnrecordable>? Unrecordable { get; init; }
}

/// <summary>A kernel program of a node's agent.</summary>
internal sealed record OriginProgram
{
    public string? Name { get; init; }
    public string? State { get; init; }
    public string? Detail { get; init; }
}

/// <summary>An exec probe: counted, not recorded.</summary>
internal sealed record OriginProbe
{
    public string? Namespace { get; init; }
    public string? Pod { get; init; }
    public string? Container { get; init; }
    public IReadOnlyList<string>? Command { get; init; }
    public long Count { get; init; }
    public DateTimeOffset? Last { get; init; }
}

/// <summary>A container that can't be recorded, and why.</summary>
internal sealed record OriginUnrecordable
{
    public string? Namespace { get; init; }
    public string? Pod { get; init; }
    public string? Container { get; init; }
    public string? Runtime { get; init; }
    public string? Reason { get; init; }
}
