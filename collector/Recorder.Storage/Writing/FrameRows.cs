using Recorder.Wire;

namespace Recorder.Storage;

/// <summary>Rows of <c>frames</c>. The hot path: one pass, nothing allocated per frame.</summary>
internal static class FrameRows
{
    public const string Into = "frames (origin, epoch, batch, batch_hash, batch_time, seq, subject, type, boottime, ts, stream, offset, "
        + "length, length_known, flags, place, elements, data, tail)";

    /// <summary>The stream of a frame that belongs to none.</summary>
    public const byte NoStream = 255;

    /// <summary>Appends one frame's row.</summary>
    /// <exception cref="WireFormatException">The body's values aren't those of its type.</exception>
    public static void Append(RowWriter rows, BatchHeader batch, ReadOnlySpan<byte> hash, in Frame frame)
    {
        rows.Uuid(batch.Origin);
        rows.Uuid(batch.Epoch);
        rows.UInt64(batch.Number);
        rows.Fixed(hash);
        // A node's clock may be anything; the column's range is not exceeded, and ts keeps the value.
        rows.UInt32((uint)Math.Min(batch.RealTime / 1_000_000_000, uint.MaxValue));
        rows.UInt64(frame.Header.Seq);
        rows.Uuid(frame.Header.Subject);
        rows.UInt8((byte)frame.Header.Type);
        rows.UInt64(frame.Header.BootTime);
        rows.Int64(batch.WallTime(frame.Header.BootTime));
        AppendBody(rows, frame);
        rows.EndRow();
    }

    private static void AppendBody(RowWriter rows, in Frame frame)
    {
        MessagePackReader body = frame.Body;
        switch (frame.Header.Type)
        {
            case FrameType.Data:
                DataFrame data = DataFrame.Read(ref body);
                Tile(rows, (byte)data.Stream, data.Offset, (ulong)data.Bytes.Length, (byte)data.Flags, 0);
                rows.UInt32((uint)frame.Elements);
                rows.Bytes(data.Bytes);
                rows.Bytes(frame.BodyBytes[body.Position..]);
                return;
            case FrameType.Gap:
                GapFrame gap = GapFrame.Read(ref body);
                Tile(rows, (byte)gap.Stream, gap.Offset, gap.Length, (byte)gap.Reason, (byte)gap.Place);
                break;
            case FrameType.StreamEnd:
                StreamEndFrame end = StreamEndFrame.Read(ref body);
                Tile(rows, (byte)end.Stream, end.Total, 0, (byte)end.Cause, 0);
                break;
            case FrameType.SessionEnd:
                Tile(rows, NoStream, 0, 0, (byte)SessionEndFrame.Read(ref body).Cause, 0);
                break;
            default:
                Tile(rows, NoStream, 0, 0, 0, 0);
                break;
        }
        rows.UInt32((uint)frame.Elements);
        rows.Bytes(frame.BodyBytes);
        rows.Bytes([]);
    }

    private static void Tile(RowWriter rows, byte stream, ulong offset, ulong? length, byte flags, byte place)
    {
        rows.UInt8(stream);
        rows.UInt64(offset);
        rows.UInt64(length ?? 0);
        rows.Bool(length is not null);
        rows.UInt8(flags);
        rows.UInt8(place);
    }
}
