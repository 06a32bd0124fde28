using System.Text.Json;

namespace Recorder.Testing;

/// <summary>One element of <c>recorder sessions --json</c>.</summary>
public sealed record RecordedSession(JsonElement Json)
{
    /// <summary>Session id.</summary>
    public string Id => Json.GetProperty("id").GetString()!;

    /// <summary>Kind: exec, attach, nsenter, terminal, probe.</summary>
    public string Kind => Json.GetProperty("kind").GetString()!;

    /// <summary>Whether it has a terminal.</summary>
    public bool Tty => Json.GetProperty("tty").GetBoolean();

    /// <summary>Namespace of the pod.</summary>
    public string? Namespace => Text("namespace");

    /// <summary>Pod name.</summary>
    public string? Pod => Text("pod");

    /// <summary>Container name.</summary>
    public string? Container => Text("container");

    /// <summary>End, when it has ended.</summary>
    public string? Ended => Text("ended");

    /// <summary>COMPLETE, GAPPED, UNPROVEN or OPEN.</summary>
    public string Verdict => Json.GetProperty("verdict").GetString()!;

    /// <summary>Exit code of the root process.</summary>
    public int? ExitCode => Json.GetProperty("exitCode") is { ValueKind: JsonValueKind.Number } code ? code.GetInt32() : null;

    /// <summary>The command's words, separated by spaces.</summary>
    public string CommandLine => string.Join(' ', Json.GetProperty("command").EnumerateArray().Select(word => word.GetString()));

    /// <summary>Bytes stored of a stream; 0 where there is none.</summary>
    public long Bytes(string stream) => Number(stream, "bytes");

    /// <summary>Gaps of a stream; 0 where there is none.</summary>
    public long Gaps(string stream) => Number(stream, "gaps");

    /// <summary>Bytes that gaps of known length stand for.</summary>
    public long GapBytes(string stream) => Number(stream, "gapBytes");

    /// <inheritdoc/>
    public override string ToString() => Json.ToString();

    /// <summary>A property's text; null where it is absent or null.</summary>
    public string? Text(string property) =>
        Json.TryGetProperty(property, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private long Number(string stream, string property) =>
        Json.GetProperty("streams").TryGetProperty(stream, out JsonElement entry) ? entry.GetProperty(property).GetInt64() : 0;
}
