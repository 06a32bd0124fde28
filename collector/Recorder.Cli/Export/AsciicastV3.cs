using System.Text.Json;

namespace Recorder.Cli.Export;

/// <summary>
/// <see href="https://docs.asciinema.org/manual/asciicast/v3/">asciicast v3</see>: the size stands under <c>term</c>, times are seconds since the event
/// before, and an <c>x</c> event says how the session ended.
/// </summary>
internal sealed class AsciicastV3 : IAsciicastVersion
{
    private long _before;

    public bool HasExit => true;

    public void WriteHeader(Utf8JsonWriter writer, AsciicastHeader header)
    {
        writer.WriteNumber("version", 3);
        writer.WriteStartObject("term");
        writer.WriteNumber("cols", header.Columns);
        writer.WriteNumber("rows", header.Rows);
        writer.WriteEndObject();
        if (header.Timestamp is { } timestamp)
            writer.WriteNumber("timestamp", timestamp);
        writer.WriteString("command", header.Command);
        writer.WriteString("title", header.Title);
        writer.WriteStartObject("env");
        foreach ((string name, string value) in header.Environment)
            writer.WriteString(name, value);
        writer.WriteEndObject();
    }

    public decimal TimeOf(long microseconds)
    {
        long interval = microseconds - _before;
        _before = microseconds;
        return interval / 1_000_000m;
    }
}
