using System.Buffers;

namespace Recorder.Wire;

/// <summary>A container that cannot be recorded (Kata, gVisor, …). The frame's subject is the origin.</summary>
public sealed record UnrecordableFrame
{
    /// <summary>The pod's namespace.</summary>
    public string? Namespace { get; init; }

    /// <summary>The pod's name.</summary>
    public string? Pod { get; init; }

    /// <summary>The container's name in the pod.</summary>
    public string? Container { get; init; }

    /// <summary>The container's id.</summary>
    public string? ContainerId { get; init; }

    /// <summary>Its runtime.</summary>
    public string? Runtime { get; init; }

    /// <summary>Why it cannot be recorded.</summary>
    public required string Reason { get; init; }

    /// <summary>Appends the frame to the output. Allocates nothing.</summary>
    public void Write(IBufferWriter<byte> output, ulong seq, ulong time, Guid origin)
    {
        MessagePackWriter writer = FrameHeader.Begin(output, FrameType.Unrecordable, 1, seq, time, origin);
        MessagePackWriter counter = MessagePackWriter.Counting();
        WriteFields(ref counter);
        writer.WriteMapHeader(counter.Fields);
        WriteFields(ref writer);
        writer.Flush();
    }

    /// <summary>Reads the body of an UNRECORDABLE frame.</summary>
    public static UnrecordableFrame Read(ref MessagePackReader reader)
    {
        var frame = new UnrecordableFrame { Reason = "" };
        var map = new MapCursor(ref reader);
        while (map.Next(ref reader, out string key))
        {
            switch (key)
            {
                case "namespace": frame = frame with { Namespace = reader.ReadString() }; break;
                case "pod": frame = frame with { Pod = reader.ReadString() }; break;
                case "container": frame = frame with { Container = reader.ReadString() }; break;
                case "container_id": frame = frame with { ContainerId = reader.ReadString() }; break;
                case "runtime": frame = frame with { Runtime = reader.ReadString() }; break;
                case "reason": frame = frame with { Reason = reader.ReadString() }; break;
                default: reader.Skip(); break;
            }
        }

        return frame;
    }

    private void WriteFields(ref MessagePackWriter writer)
    {
        writer.Field("namespace"u8, Namespace);
        writer.Field("pod"u8, Pod);
        writer.Field("container"u8, Container);
        writer.Field("container_id"u8, ContainerId);
        writer.Field("runtime"u8, Runtime);
        writer.Field("reason"u8, Reason);
    }
}
