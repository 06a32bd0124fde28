using System.Buffers;

namespace Recorder.Wire;

/// <summary>Bytes of a stream that are not here.</summary>
/// <param name="Stream">The stream.</param>
/// <param name="Offset">Offset of the first missing byte.</param>
/// <param name="Length">Missing bytes; null: not known, and then the gap occupies no offset.</param>
/// <param name="Reason">Why.</param>
/// <param name="Place">Where they were lost.</param>
/// <param name="FromTime">When the loss began, CLOCK_BOOTTIME nanoseconds.</param>
/// <param name="ToTime">When it ended.</param>
public readonly record struct GapFrame(
    StreamId Stream, ulong Offset, ulong? Length, GapReason Reason, GapPlace Place, ulong FromTime, ulong ToTime)
{
    internal const int Elements = 7;

    /// <summary>Appends the frame to the output. Allocates nothing.</summary>
    public void Write(IBufferWriter<byte> output, ulong seq, ulong time, Guid subject)
    {
        MessagePackWriter writer = FrameHeader.Begin(output, FrameType.Gap, Elements, seq, time, subject);
        writer.WriteUInt64((byte)Stream);
        writer.WriteUInt64(Offset);
        FrameValues.WriteOptional(ref writer, Length);
        writer.WriteUInt64((byte)Reason);
        writer.WriteUInt64((byte)Place);
        writer.WriteUInt64(FromTime);
        writer.WriteUInt64(ToTime);
        writer.Flush();
    }

    /// <summary>Reads the body of a GAP frame.</summary>
    public static GapFrame Read(ref MessagePackReader reader)
    {
        StreamId stream = FrameValues.ReadStream(ref reader);
        int start = reader.Position;
        ulong offset = reader.ReadUInt64();
        ulong? length = FrameValues.ReadOptionalUInt64(ref reader);
        if (length == 0 || offset > ulong.MaxValue - (length ?? 0))
            throw reader.Error(start, "a GAP of no bytes, or past the last offset");
        return new GapFrame(
            stream,
            offset,
            length,
            (GapReason)FrameValues.ReadCode(ref reader, (byte)GapReason.OpenLate),
            (GapPlace)FrameValues.ReadCode(ref reader, (byte)GapPlace.Collector),
            reader.ReadUInt64(),
            reader.ReadUInt64());
    }
}
