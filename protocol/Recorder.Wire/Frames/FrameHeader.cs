using System.Buffers;

namespace Recorder.Wire;

/// <summary>What every frame begins with.</summary>
/// <param name="Type">The frame's type.</param>
/// <param name="Seq">Its number in the epoch, from 1.</param>
/// <param name="BootTime">CLOCK_BOOTTIME, nanoseconds.</param>
/// <param name="Subject">The session's id, or the origin's.</param>
public readonly record struct FrameHeader(FrameType Type, ulong Seq, ulong BootTime, Guid Subject)
{
    /// <summary>Values of a frame's array that are the header.</summary>
    internal const int Elements = 4;

    /// <summary>Whether the type may be unknown: then the frame is kept opaque.</summary>
    public bool IsAncillary => (byte)Type >= 128;

    /// <summary>Starts a frame; the body's values and <see cref="MessagePackWriter.Flush"/> must follow.</summary>
    internal static MessagePackWriter Begin(IBufferWriter<byte> output, FrameType type, int body, ulong seq, ulong time, Guid subject)
    {
        ArgumentOutOfRangeException.ThrowIfZero(seq);
        var writer = new MessagePackWriter(output);
        writer.WriteArrayHeader(Elements + body);
        writer.WriteUInt64((byte)type);
        writer.WriteUInt64(seq);
        writer.WriteUInt64(time);
        writer.WriteUuid(subject);
        return writer;
    }

    /// <summary>Reads the array's header and the frame's; <paramref name="body"/> values of the body follow.</summary>
    internal static FrameHeader Read(ref MessagePackReader reader, out int body)
    {
        int start = reader.Position;
        int elements = reader.ReadArrayHeader();
        if (elements < Elements)
            throw reader.Error(start, "a frame that is too short");
        var type = (FrameType)reader.ReadUInt64(byte.MaxValue);
        ulong seq = reader.ReadUInt64();
        if (seq == 0)
            throw reader.Error(start, "a frame with the sequence number 0");
        body = elements - Elements;
        return new FrameHeader(type, seq, reader.ReadUInt64(), reader.ReadUuid());
    }
}
