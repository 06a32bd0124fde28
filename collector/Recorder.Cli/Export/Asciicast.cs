using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Recorder.Cli.Api;
using Recorder.Cli.Output;
using Recorder.Cli.Terminal;

namespace Recorder.Cli.Export;

/// <summary>What an asciicast of any version is made from.</summary>
/// <param name="Session">The session.</param>
/// <param name="Safe">Output goes through the player's filter.</param>
internal sealed record AsciicastSettings(Session Session, bool Safe);

/// <summary>What one version of the format does in its own way.</summary>
internal interface IAsciicastVersion
{
    /// <summary>Writes the first line's fields.</summary>
    void WriteHeader(Utf8JsonWriter writer, AsciicastHeader header);

    /// <summary>The number that stands for an event's time.</summary>
    /// <param name="microseconds">Since the start, never falling.</param>
    decimal TimeOf(long microseconds);

    /// <summary>Whether there are events that say how the session ended.</summary>
    bool HasExit { get; }
}

/// <summary>The facts of the first line.</summary>
internal sealed record AsciicastHeader(int Columns, int Rows, long? Timestamp, decimal? Duration, string Title, string Command, IReadOnlyList<(string Name, string Value)> Environment);

/// <summary>Writes frames as an asciicast, line by line.</summary>
internal sealed class Asciicast(Stream output, IAsciicastVersion version, AsciicastSettings settings)
{
    private const int DefaultColumns = 80;
    private const int DefaultRows = 24;

    private readonly Dictionary<string, (Utf8Carry Carry, EscapeFilter? Filter)> _streams = [];
    private readonly ArrayBufferWriter<byte> _filtered = new();
    private long _microseconds;

    public void Begin()
    {
        AsciicastHeader header = Describe(settings.Session);
        JsonLines.WriteLine(output, writer =>
        {
            writer.WriteStartObject();
            version.WriteHeader(writer, header);
            writer.WriteEndObject();
        });
    }

    public void Add(FrameLine frame)
    {
        _microseconds = Math.Max(_microseconds, frame.Time / 1000);
        switch (frame.Type)
        {
            case FrameTypes.Data when frame.Data is { Length: > 0 } data:
                AddText(frame.Stream ?? "out", data, last: false);
                break;
            case FrameTypes.Gap:
                string length = frame.Length is { } bytes ? Human.Count(bytes, "byte", "bytes") : "unknown length";
                AddEvent("m", CleanText.Of($"gap in {frame.Stream}: {length}, {frame.Reason}"));
                break;
            case FrameTypes.Resize when frame is { Columns: > 0, Rows: > 0 }:
                AddEvent("r", string.Create(CultureInfo.InvariantCulture, $"{frame.Columns}x{frame.Rows}"));
                break;
            case FrameTypes.Exec:
                AddEvent("m", CleanText.Command(frame.Argv is { Count: > 0 } ? frame.Argv : [frame.Exe ?? "?"]));
                break;
            case FrameTypes.SessionEnd:
                End(frame);
                break;
        }
    }

    /// <summary>Writes what unfinished characters are left.</summary>
    public void Finish()
    {
        foreach (string stream in _streams.Keys.ToArray())
            AddText(stream, [], last: true);
        _streams.Clear();
    }

    private void End(FrameLine frame)
    {
        Finish();
        if (version.HasExit && (frame.ExitCode ?? frame.Signal + 128) is { } status)
            AddEvent("x", status.ToString(CultureInfo.InvariantCulture));
    }

    private void AddText(string stream, ReadOnlySpan<byte> bytes, bool last)
    {
        if (!_streams.TryGetValue(stream, out (Utf8Carry Carry, EscapeFilter? Filter) state))
            _streams.Add(stream, state = (new Utf8Carry(returns: !settings.Session.Tty && stream != "in"), settings.Safe ? new EscapeFilter() : null));
        string text = state.Carry.Decode(state.Filter is null ? bytes : Filter(state.Filter, bytes, last), last);
        if (text.Length > 0)
            AddEvent(stream == "in" ? "i" : "o", text);
    }

    private ReadOnlySpan<byte> Filter(EscapeFilter filter, ReadOnlySpan<byte> bytes, bool last)
    {
        _filtered.ResetWrittenCount();
        filter.Write(bytes, _filtered);
        if (last)
            filter.Finish(_filtered);
        return _filtered.WrittenSpan;
    }

    private void AddEvent(string code, string data) => JsonLines.WriteLine(output, writer =>
    {
        writer.WriteStartArray();
        writer.WriteNumberValue(version.TimeOf(_microseconds));
        writer.WriteStringValue(code);
        writer.WriteStringValue(data);
        writer.WriteEndArray();
    });

    private static AsciicastHeader Describe(Session session)
    {
        string command = CleanText.Command(session.Command);
        string place = string.Join('/', new[] { session.Namespace, session.Pod, session.Container }.Where(part => !string.IsNullOrEmpty(part)));
        return new AsciicastHeader(
            session.Terminal?.Columns is > 0 and int columns ? columns : DefaultColumns,
            session.Terminal?.Rows is > 0 and int rows ? rows : DefaultRows,
            session.Started?.ToUnixTimeSeconds(),
            session.Ended - session.Started is { } duration ? Math.Max(0, duration.Ticks / 10) / 1_000_000m : null,
            CleanText.Of(place.Length > 0 ? $"{command} in {place}" : command),
            command,
            [("RECORDER_SESSION", session.Id), ("RECORDER_VERDICT", CleanText.Of(session.Verdict ?? ""))]);
    }
}
