using System.Buffers;

namespace Recorder.Wire;

/// <summary>Exec probes of a container that were counted and not recorded. The frame's subject is the origin.</summary>
public sealed record ProbesFrame
{
    /// <summary>The pod's namespace.</summary>
    public string? Namespace { get; init; }

    /// <summary>The pod's name.</summary>
    public string? Pod { get; init; }

    /// <summary>The container's name in the pod.</summary>
    public string? Container { get; init; }

    /// <summary>The container's id.</summary>
    public string? ContainerId { get; init; }

    /// <summary>The probe's command.</summary>
    public IReadOnlyList<Text>? Command { get; init; }

    /// <summary>How many there were since the agent's start.</summary>
    public required ulong Count { get; init; }

    /// <summary>When the first began, CLOCK_BOOTTIME nanoseconds.</summary>
    public ulong? First { get; init; }

    /// <summary>When the last began.</summary>
    public ulong? Last { get; init; }

    /// <summary>Appends the frame to the output. Allocates nothing.</summary>
    public void Write(IBufferWriter<byte> output, ulong seq, ulong time, Guid origin)
    {
        MessagePackWriter writer = FrameHeader.Begin(output, FrameType.Probes, 1, seq, time, origin);
        MessagePackWriter counter = MessagePackWriter.Counting();
        WriteFields(ref counter);
        writer.WriteMapHeader(counter.Fields);
        WriteFields(ref writer);
        writer.Flush();
    }

    /// <summary>Reads the body of a PROBES frame.</summary>
    public static ProbesFrame Read(ref MessagePackReader reader)
    {
        var probes = new ProbesFrame { Count = 0 };
        var map = new MapCursor(ref reader);
        while (map.Next(ref reader, out string key))
        {
            switch (key)
            {
                case "namespace": probes = probes with { Namespace = reader.ReadString() }; break;
                case "pod": probes = probes with { Pod = reader.ReadString() }; break;
                case "container": probes = probes with { Container = reader.ReadString() }; break;
                case "container_id": probes = probes with { ContainerId = reader.ReadString() }; break;
                case "command": probes = probes with { Command = FrameCollections.ReadTexts(ref reader) }; break;
                case "count": probes = probes with { Count = reader.ReadUInt64() }; break;
                case "first": probes = probes with { First = reader.ReadUInt64() }; break;
                case "last": probes = probes with { Last = reader.ReadUInt64() }; break;
                default: reader.Skip(); break;
            }
        }

        return probes;
    }

    private void WriteFields(ref MessagePackWriter writer)
    {
        writer.Field("namespace"u8, Namespace);
        writer.Field("pod"u8, Pod);
        writer.Field("container"u8, Container);
        writer.Field("container_id"u8, ContainerId);
        writer.Field("command"u8, Command);
        writer.Field("count"u8, Count);
        writer.Field("first"u8, First);
        writer.Field("last"u8, Last);
    }
}
