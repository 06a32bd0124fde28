using System.Buffers;

namespace Recorder.Wire;

/// <summary>A full snapshot of a session.</summary>
/// <param name="Snapshot">What is known of it now.</param>
public readonly record struct SessionFrame(SessionSnapshot Snapshot)
{
    /// <summary>Appends the frame to the output.</summary>
    public void Write(IBufferWriter<byte> output, ulong seq, ulong time, Guid subject)
    {
        MessagePackWriter writer = FrameHeader.Begin(output, FrameType.Session, 1, seq, time, subject);
        MessagePackWriter counter = MessagePackWriter.Counting();
        WriteFields(ref counter);
        writer.WriteMapHeader(counter.Fields);
        WriteFields(ref writer);
        writer.Flush();
    }

    /// <summary>Reads the body of a SESSION frame.</summary>
    public static SessionFrame Read(ref MessagePackReader reader)
    {
        int start = reader.Position;
        var session = new SessionSnapshot { Revision = 0, Kind = "", Depth = "", State = "", Started = 0 };
        var map = new MapCursor(ref reader);
        while (map.Next(ref reader, out string key))
            session = ReadState(ref reader, key, session) ?? ReadPlace(ref reader, key, session) ?? ReadProgram(ref reader, key, session);
        if (session.Revision == 0 || session.Kind.Length == 0 || session.Depth.Length == 0 || session.State.Length == 0)
            throw reader.Error(start, "a session without revision, kind, depth or state");
        return new SessionFrame(session);
    }

    private static SessionSnapshot? ReadState(ref MessagePackReader reader, string key, SessionSnapshot session) => key switch
    {
        "revision" => session with { Revision = reader.ReadUInt64() },
        "kind" => session with { Kind = reader.ReadString() },
        "depth" => session with { Depth = reader.ReadString() },
        "state" => session with { State = reader.ReadString() },
        "late" => session with { Late = reader.ReadBoolean() },
        "tty" => session with { Tty = reader.ReadBoolean() },
        "started" => session with { Started = reader.ReadUInt64() },
        "ended" => session with { Ended = reader.ReadUInt64() },
        "exit_code" => session with { ExitCode = reader.ReadInt32() },
        "signal" => session with { Signal = reader.ReadInt32() },
        _ => null,
    };

    private static SessionSnapshot? ReadPlace(ref MessagePackReader reader, string key, SessionSnapshot session) => key switch
    {
        "parent" => session with { Parent = reader.ReadUuid() },
        "cluster" => session with { Cluster = reader.ReadString() },
        "node" => session with { Node = reader.ReadString() },
        "pod" => session with { Pod = SessionPod.Read(ref reader) },
        "container" => session with { Container = SessionContainer.Read(ref reader) },
        "user" => session with { User = SessionUser.Read(ref reader) },
        "root" => session with { Root = SessionRoot.Read(ref reader) },
        "entered_by" => session with { EnteredBy = SessionEntry.Read(ref reader) },
        _ => null,
    };

    private static SessionSnapshot ReadProgram(ref MessagePackReader reader, string key, SessionSnapshot session)
    {
        switch (key)
        {
            case "command": return session with { Command = FrameCollections.ReadTexts(ref reader) };
            case "exe": return session with { Exe = reader.ReadText() };
            case "cwd": return session with { Cwd = reader.ReadText() };
            case "terminal": return session with { Terminal = SessionTerminal.Read(ref reader) };
            case "streams": return session with { Streams = ReadStreams(ref reader) };
            case "labels": return session with { Labels = FrameCollections.ReadLabels(ref reader) };
            default:
                reader.Skip();
                return session;
        }
    }

    private static List<SessionStreamInfo> ReadStreams(ref MessagePackReader reader)
    {
        int start = reader.Position;
        int count = reader.ReadArrayHeader();
        if (count > WireLimits.Streams)
            throw reader.Error(start, $"{count} streams");
        var streams = new List<SessionStreamInfo>(count);
        for (int i = 0; i < count; i++)
            streams.Add(SessionStreamInfo.Read(ref reader));
        return streams;
    }

    private void WriteFields(ref MessagePackWriter writer)
    {
        SessionSnapshot session = Snapshot;
        writer.Field("revision"u8, session.Revision);
        writer.Field("kind"u8, session.Kind);
        writer.Field("depth"u8, session.Depth);
        writer.Field("state"u8, session.State);
        writer.FlagField("late"u8, session.Late);
        writer.FlagField("tty"u8, session.Tty);
        writer.Field("started"u8, session.Started);
        writer.Field("ended"u8, session.Ended);
        writer.Field("exit_code"u8, session.ExitCode);
        writer.Field("signal"u8, session.Signal);
        writer.Field("parent"u8, session.Parent);
        writer.Field("cluster"u8, session.Cluster);
        writer.Field("node"u8, session.Node);
        WriteParts(ref writer, session);
        writer.Field("command"u8, session.Command);
        writer.Field("exe"u8, session.Exe);
        writer.Field("cwd"u8, session.Cwd);
        if (writer.Field("terminal"u8, session.Terminal is not null))
            WriteMap(ref writer, session.Terminal!.WriteFields);
        WriteStreams(ref writer, session);
        if (writer.Field("labels"u8, session.Labels is not null))
            FrameCollections.WriteLabels(ref writer, session.Labels!);
    }

    private static void WriteParts(ref MessagePackWriter writer, SessionSnapshot session)
    {
        if (writer.Field("pod"u8, session.Pod is not null))
            WriteMap(ref writer, session.Pod!.WriteFields);
        if (writer.Field("container"u8, session.Container is not null))
            WriteMap(ref writer, session.Container!.WriteFields);
        if (writer.Field("user"u8, session.User is not null))
            WriteMap(ref writer, session.User!.WriteFields);
        if (writer.Field("root"u8, session.Root is not null))
            WriteMap(ref writer, session.Root!.WriteFields);
        if (writer.Field("entered_by"u8, session.EnteredBy is not null))
            WriteMap(ref writer, session.EnteredBy!.WriteFields);
    }

    private static void WriteStreams(ref MessagePackWriter writer, SessionSnapshot session)
    {
        if (!writer.Field("streams"u8, session.Streams is not null))
            return;
        writer.WriteArrayHeader(session.Streams!.Count);
        foreach (SessionStreamInfo stream in session.Streams)
            stream.Write(ref writer);
    }

    private static void WriteMap(ref MessagePackWriter writer, FieldWriter fields)
    {
        MessagePackWriter counter = MessagePackWriter.Counting();
        fields(ref counter);
        writer.WriteMapHeader(counter.Fields);
        fields(ref writer);
    }

    private delegate void FieldWriter(ref MessagePackWriter writer);
}
