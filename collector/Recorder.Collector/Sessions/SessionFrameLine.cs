using System.Text.Json;
using Recorder.Wire;

namespace Recorder.Collector.Sessions;

/// <summary>The fields of a SESSION line: the snapshot's state. Its facts stand in the session itself.</summary>
internal static class SessionFrameLine
{
    public static void Write(Utf8JsonWriter json, SessionSnapshot session, ulong started)
    {
        json.WriteNumber("revision"u8, session.Revision);
        json.WriteString("kind"u8, session.Kind);
        json.WriteString("depth"u8, session.Depth);
        json.WriteString("state"u8, session.State);
        json.WriteBoolean("late"u8, session.Late);
        json.WriteBoolean("tty"u8, session.Tty);
        json.WriteNumber("started"u8, unchecked((long)(session.Started - started)));
        if (session.Ended is { } ended) json.WriteNumber("ended"u8, unchecked((long)(ended - started)));
        else json.WriteNull("ended"u8);
        json.WriteOptional("exitCode"u8, session.ExitCode);
        json.WriteOptional("signal"u8, session.Signal);
        json.WriteTexts("command"u8, session.Command);
        json.WriteOptional("columns"u8, (int?)session.Terminal?.Columns);
        json.WriteOptional("rows"u8, (int?)session.Terminal?.Rows);
    }
}
