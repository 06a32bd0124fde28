using System.Text.Json.Serialization;

namespace Recorder.Cli.Api;

/// <summary>One frame of a session, as a line of <c>application/x-ndjson</c>; docs/api.md lists the fields of each type.</summary>
internal sealed record FrameLine
{
    public required string Type { get; init; }
    public long Seq { get; init; }

    /// <summary>Nanoseconds since the session's start.</summary>
    public long Time { get; init; }

    public string? Stream { get; init; }
    public long? Offset { get; init; }
    public byte[]? Data { get; init; }

    /// <summary>Of a gap; null when it is not known.</summary>
    public long? Length { get; init; }

    public string? Reason { get; init; }
    public string? Place { get; init; }
    public int? Columns { get; init; }
    public int? Rows { get; init; }
    public int? ExitCode { get; init; }
    public int? Signal { get; init; }
    public IReadOnlyList<string>? Argv { get; init; }
    public string? Exe { get; init; }

    /// <summary>The line as it came.</summary>
    [JsonIgnore]
    public ReadOnlyMemory<byte> Raw { get; init; }
}

/// <summary>Names of the frame types in lines and in queries.</summary>
internal static class FrameTypes
{
    public const string Data = "data";
    public const string Gap = "gap";
    public const string Resize = "resize";
    public const string Exec = "exec";
    public const string SessionEnd = "session_end";
}
