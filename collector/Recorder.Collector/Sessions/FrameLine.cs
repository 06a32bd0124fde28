using System.Buffers;
using System.Text.Json;
using Recorder.Collector.Web;
using Recorder.Storage;
using Recorder.Wire;

namespace Recorder.Collector.Sessions;

/// <summary>Writes a frame as one JSON object and a line feed; docs/api.md names the fields.</summary>
internal sealed class FrameLine(ulong started) : IDisposable
{
    private static readonly JsonWriterOptions Options = new() { SkipValidation = true };
    private readonly Utf8JsonWriter _json = new(new ArrayBufferWriter<byte>(), Options);

    public void Write(IBufferWriter<byte> output, StoredFrame frame)
    {
        _json.Reset(output);
        _json.WriteStartObject();
        _json.WriteString("type"u8, TypeName(frame.Type));
        _json.WriteNumber("seq"u8, frame.Seq);
        _json.WriteNumber("time"u8, Since(frame.Boottime));
        WriteBody(frame);
        _json.WriteEndObject();
        _json.Flush();
        output.Write("\n"u8);
    }

    public void Dispose() => _json.Dispose();

    private static string TypeName(byte type)
    {
        foreach (var (name, known) in FrameQuery.TypeNames)
        {
            if ((byte)known == type) return name;
        }

        return type.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>Negative for what was found before the start.</summary>
    private long Since(ulong boottime) => unchecked((long)(boottime - started));

    private void WriteBody(StoredFrame frame)
    {
        var body = new MessagePackReader(frame.Data.Span);
        switch ((FrameType)frame.Type)
        {
            case FrameType.Data: WriteData(frame); break;
            case FrameType.Gap: WriteGap(GapFrame.Read(ref body)); break;
            case FrameType.StreamEnd: WriteStreamEnd(StreamEndFrame.Read(ref body)); break;
            case FrameType.SessionEnd: WriteSessionEnd(SessionEndFrame.Read(ref body)); break;
            case FrameType.Resize: WriteResize(ResizeFrame.Read(ref body)); break;
            case FrameType.Fork: ProcessFrameLine.Write(_json, ForkFrame.Read(ref body)); break;
            case FrameType.Exec: ProcessFrameLine.Write(_json, ExecFrame.Read(ref body)); break;
            case FrameType.Exit: ProcessFrameLine.Write(_json, ExitFrame.Read(ref body)); break;
            case FrameType.Connect: ProcessFrameLine.Write(_json, ConnectFrame.Read(ref body)); break;
            case FrameType.Session: SessionFrameLine.Write(_json, SessionFrame.Read(ref body).Snapshot, started); break;
            default: _json.WriteBase64String("body"u8, frame.Data.Span); break;
        }
    }

    private void WriteData(StoredFrame frame)
    {
        _json.WriteString("stream"u8, ApiNames.Stream(frame.Stream));
        _json.WriteNumber("offset"u8, frame.Offset);
        _json.WriteNumber("flags"u8, frame.Flags);
        _json.WriteBase64String("data"u8, frame.Data.Span);
    }

    private void WriteGap(GapFrame gap)
    {
        _json.WriteString("stream"u8, ApiNames.Stream((byte)gap.Stream));
        _json.WriteNumber("offset"u8, gap.Offset);
        if (gap.Length is { } length) _json.WriteNumber("length"u8, length);
        else _json.WriteNull("length"u8);
        _json.WriteString("reason"u8, ApiNames.Of(gap.Reason));
        _json.WriteString("place"u8, ApiNames.Of(gap.Place));
        _json.WriteNumber("from"u8, Since(gap.FromTime));
        _json.WriteNumber("to"u8, Since(gap.ToTime));
    }

    private void WriteStreamEnd(StreamEndFrame end)
    {
        _json.WriteString("stream"u8, ApiNames.Stream((byte)end.Stream));
        _json.WriteNumber("total"u8, end.Total);
        _json.WriteString("cause"u8, ApiNames.Of(end.Cause));
    }

    private void WriteSessionEnd(SessionEndFrame end)
    {
        _json.WriteString("cause"u8, ApiNames.Of(end.Cause));
        _json.WriteOptional("exitCode"u8, end.ExitCode);
        _json.WriteOptional("signal"u8, end.Signal);
        _json.WriteNumber("processesLeft"u8, end.ProcessesLeft);
    }

    private void WriteResize(ResizeFrame size)
    {
        _json.WriteNumber("columns"u8, size.Columns);
        _json.WriteNumber("rows"u8, size.Rows);
    }
}
