using System.Buffers;

namespace Recorder.Wire;

/// <summary>The state of one kernel program.</summary>
/// <param name="Name">Its name in the object.</param>
/// <param name="State">loaded, attached, refused, …</param>
/// <param name="Detail">Why it was refused; empty otherwise. Cut at <see cref="WireLimits.Detail"/> characters when it is written.</param>
public sealed record ProgramState(string Name, string State, string Detail);

/// <summary>A node's heartbeat. The frame's subject is the origin.</summary>
public sealed record NodeFrame
{
    /// <summary>The kernel programs.</summary>
    public IReadOnlyList<ProgramState>? Programs { get; init; }

    /// <summary>Counters by name.</summary>
    public IReadOnlyDictionary<string, ulong>? Counters { get; init; }

    /// <summary>Sessions that are open now.</summary>
    public ulong? Sessions { get; init; }

    /// <summary>lazy or strict.</summary>
    public string? Capture { get; init; }

    /// <summary>Size of the kernel's ring, bytes.</summary>
    public ulong? RingBytes { get; init; }

    /// <summary>Bound of the agent's queue, bytes.</summary>
    public ulong? QueueBytes { get; init; }

    /// <summary>Bytes in the agent's queue now.</summary>
    public ulong? QueuedBytes { get; init; }

    /// <summary>Appends the frame to the output.</summary>
    public void Write(IBufferWriter<byte> output, ulong seq, ulong time, Guid origin)
    {
        MessagePackWriter writer = FrameHeader.Begin(output, FrameType.Node, 1, seq, time, origin);
        MessagePackWriter counter = MessagePackWriter.Counting();
        WriteFields(ref counter);
        writer.WriteMapHeader(counter.Fields);
        WriteFields(ref writer);
        writer.Flush();
    }

    /// <summary>Reads the body of a NODE frame.</summary>
    public static NodeFrame Read(ref MessagePackReader reader)
    {
        var node = new NodeFrame();
        var map = new MapCursor(ref reader);
        while (map.Next(ref reader, out string key))
        {
            switch (key)
            {
                case "programs": node = node with { Programs = ReadPrograms(ref reader) }; break;
                case "counters": node = node with { Counters = FrameCollections.ReadCounters(ref reader) }; break;
                case "sessions": node = node with { Sessions = reader.ReadUInt64() }; break;
                case "capture": node = node with { Capture = reader.ReadString() }; break;
                case "ring_bytes": node = node with { RingBytes = reader.ReadUInt64() }; break;
                case "queue_bytes": node = node with { QueueBytes = reader.ReadUInt64() }; break;
                case "queued_bytes": node = node with { QueuedBytes = reader.ReadUInt64() }; break;
                default: reader.Skip(); break;
            }
        }

        return node;
    }

    private static List<ProgramState> ReadPrograms(ref MessagePackReader reader)
    {
        var programs = new List<ProgramState>();
        for (int left = FrameCollections.ReadArrayCount(ref reader); left > 0; left--)
        {
            int start = reader.Position;
            int count = reader.ReadArrayHeader();
            if (count < 3)
                throw reader.Error(start, "a program that is too short");
            programs.Add(new ProgramState(reader.ReadString(), reader.ReadString(), reader.ReadString()));
            for (int i = 3; i < count; i++)
                reader.Skip();
        }

        return programs;
    }

    private void WriteFields(ref MessagePackWriter writer)
    {
        if (writer.Field("programs"u8, Programs is not null))
            WritePrograms(ref writer, Programs!);
        if (writer.Field("counters"u8, Counters is not null))
            FrameCollections.WriteCounters(ref writer, Counters!);
        writer.Field("sessions"u8, Sessions);
        writer.Field("capture"u8, Capture);
        writer.Field("ring_bytes"u8, RingBytes);
        writer.Field("queue_bytes"u8, QueueBytes);
        writer.Field("queued_bytes"u8, QueuedBytes);
    }

    private static void WritePrograms(ref MessagePackWriter writer, IReadOnlyList<ProgramState> programs)
    {
        writer.WriteArrayHeader(programs.Count);
        foreach (ProgramState program in programs)
        {
            writer.WriteArrayHeader(3);
            writer.WriteString(program.Name);
            writer.WriteString(program.State);
            writer.WriteString(program.Detail.Length <= WireLimits.Detail ? program.Detail : program.Detail[..WireLimits.Detail]);
        }
    }
}
