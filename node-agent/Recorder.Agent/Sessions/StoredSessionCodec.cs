using Recorder.Wire;

namespace Recorder.Agent.Sessions;

/// <summary>
/// The file of a stored session: version, fixed fields in the order below, and the snapshot as the SESSION frame that the wire has for it.
/// Read by the same build or a later one on the same machine, so anything unknown is simply not that session.
/// </summary>
internal static class StoredSessionCodec
{
    private const byte Version = 2;
    private const int MostStreams = 3;

    public static byte[] Encode(StoredSession session)
    {
        using var frame = new PooledBuffer();
        new SessionFrame(session.Snapshot).Write(frame, 1, 0, session.Id);
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write(Version);
        writer.Write(session.Id.ToByteArray());
        writer.Write(session.BootId.ToByteArray());
        writer.Write(session.LoadTime);
        writer.Write(session.Number);
        writer.Write(session.Clean);
        writer.Write(session.Ended);
        writer.Write(session.RootPid);
        writer.Write(session.RootStart);
        writer.Write(session.RootExited);
        writer.Write(session.LastTime);
        writer.Write((byte)session.Streams.Count);
        foreach (var item in session.Streams)
            Write(writer, item);
        writer.Write(frame.Length);
        writer.Write(frame.WrittenSpan);
        writer.Flush();
        return stream.ToArray();
    }

    /// <summary>The session; null when the bytes are none.</summary>
    public static StoredSession? Decode(byte[] bytes)
    {
        try
        {
            using var reader = new BinaryReader(new MemoryStream(bytes));
            return reader.ReadByte() == Version ? Read(reader) : null;
        }
        catch (EndOfStreamException)
        {
            return null;
        }
        catch (WireFormatException)
        {
            return null;
        }
    }

    private static StoredSession? Read(BinaryReader reader)
    {
        var session = new StoredSession
        {
            Id = ReadGuid(reader),
            BootId = ReadGuid(reader),
            LoadTime = reader.ReadUInt64(),
            Number = reader.ReadUInt64(),
            Clean = reader.ReadBoolean(),
            Ended = reader.ReadBoolean(),
            RootPid = reader.ReadUInt64(),
            RootStart = reader.ReadUInt64(),
            RootExited = reader.ReadBoolean(),
            LastTime = reader.ReadUInt64(),
            Streams = ReadStreams(reader),
            Snapshot = null!,
        };
        var length = reader.ReadInt32();
        if (length is < 0 or > WireLimits.Frame)
            return null;
        return ReadSnapshot(reader.ReadBytes(length)) is { } snapshot ? session with { Snapshot = snapshot } : null;
    }

    private static SessionSnapshot? ReadSnapshot(byte[] frame)
    {
        var frames = new FrameReader(frame);
        if (!frames.MoveNext() || frames.Current.Header.Type != FrameType.Session)
            return null;
        var body = frames.Current.Body;
        return SessionFrame.Read(ref body).Snapshot;
    }

    private static void Write(BinaryWriter writer, StoredStream stream)
    {
        writer.Write((byte)stream.Stream);
        writer.Write(stream.IsTerminal);
        writer.Write(stream.IsObserved);
        writer.Write(stream.HasEnded);
        writer.Write(stream.Next);
        writer.Write(stream.Shift);
        writer.Write(stream.Total);
        writer.Write((byte)stream.EndCause);
        writer.Write(stream.IsMasking);
    }

    private static List<StoredStream> ReadStreams(BinaryReader reader)
    {
        var count = reader.ReadByte();
        if (count > MostStreams)
            throw new EndOfStreamException();
        var streams = new List<StoredStream>(count);
        for (var at = 0; at < count; at++)
        {
            var id = (StreamId)Math.Min(reader.ReadByte(), (byte)StreamId.Err);
            streams.Add(new StoredStream(
                id, reader.ReadBoolean(), reader.ReadBoolean(), reader.ReadBoolean(),
                reader.ReadUInt64(), reader.ReadUInt64(), reader.ReadUInt64(), (StreamEndCause)reader.ReadByte(), reader.ReadBoolean()));
        }

        return streams;
    }

    private static Guid ReadGuid(BinaryReader reader) =>
        reader.ReadBytes(16) is { Length: 16 } bytes ? new Guid(bytes) : throw new EndOfStreamException();
}
