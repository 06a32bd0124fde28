using System.Text.Json;

namespace Recorder.Cli.Api;

/// <summary>A session as docs/api.md has it. Whatever is not known is null.</summary>
internal sealed record Session
{
    public required string Id { get; init; }
    public string? Kind { get; init; }
    public string? Depth { get; init; }
    public string? State { get; init; }
    public bool Tty { get; init; }
    public bool Late { get; init; }
    public string? Cluster { get; init; }
    public string? Node { get; init; }
    public string? Namespace { get; init; }
    public string? Pod { get; init; }
    public string? ServiceAccount { get; init; }
    public string? Container { get; init; }
    public string? ContainerId { get; init; }
    public string? Image { get; init; }
    public string? Runtime { get; init; }
    public string? User { get; init; }
    public long? Uid { get; init; }
    public long? Gid { get; init; }
    public long? LoginUid { get; init; }
    public IReadOnlyList<string>? Command { get; init; }
    public string? Exe { get; init; }
    public string? Cwd { get; init; }
    public long? RootPid { get; init; }
    public string? Parent { get; init; }
    public SessionTerminal? Terminal { get; init; }
    public DateTimeOffset? Started { get; init; }
    public DateTimeOffset? Ended { get; init; }
    public int? ExitCode { get; init; }
    public int? Signal { get; init; }
    public string? Verdict { get; init; }
    public IReadOnlyList<string>? Reasons { get; init; }
    public string? Proof { get; init; }
    public IReadOnlyDictionary<string, SessionStream>? Streams { get; init; }

    public bool IsEnded => State == "ended";

    public static Session From(JsonElement element) =>
        element.Deserialize(ApiJson.Default.Session) ?? throw new JsonException("a session is null");
}

/// <summary>The terminal of a session with one; sizes in characters.</summary>
internal sealed record SessionTerminal
{
    public string? Name { get; init; }
    public int? Columns { get; init; }
    public int? Rows { get; init; }
}

/// <summary>How much of a stream is stored.</summary>
internal sealed record SessionStream
{
    public long Bytes { get; init; }
    public long Gaps { get; init; }
    public long GapBytes { get; init; }
    public long? Length { get; init; }
    public bool Ended { get; init; }
    public string? Source { get; init; }
}
