using System.Text.Json;

namespace Recorder.Cli.Export;

/// <summary><see href="https://docs.asciinema.org/manual/asciicast/v2/">asciicast v2</see>: the size stands in the header, times are seconds since the start.</summary>
internal sealed class AsciicastV2 : IAsciicastVersion
{
    public bool HasExit => false;

    public void WriteHeader(Utf8JsonWriter writer, AsciicastHeader header)
    {
        writer.WriteNumber("version", 2);
        writer.WriteNumber("width", header.Columns);
        writer.WriteNumber("height", header.Rows);
        if (header.Timestamp is { } timestamp)
            writer.WriteNumber("timestamp", timestamp);
        if (header.Duration is { } duration)
            writer.WriteNumber("duration", duration);
        writer.WriteString("command", header.Command);
        writer.WriteString("title", header.Title);
        writer.WriteStartObject("env");
        foreach ((string name, string value) in header.Environment)
            writer.WriteString(name, value);
        writer.WriteEndObject();
    }

    public decimal TimeOf(long microseconds) => microseconds / 1_000_000m;
}
