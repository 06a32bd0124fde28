using System.Buffers;
using Recorder.Wire;

namespace Recorder.Storage;

/// <summary>A row of <c>frames</c>.</summary>
public sealed record StoredFrame
{
    private const int HeaderElements = 4;

    /// <summary>Frame type of FORMAT.md.</summary>
    public required byte Type { get; init; }

    /// <summary>Sequence number in the epoch.</summary>
    public required ulong Seq { get; init; }

    /// <summary>CLOCK_BOOTTIME of the node, nanoseconds.</summary>
    public required ulong Boottime { get; init; }

    /// <summary>Wall time, Unix nanoseconds.</summary>
    public required long Time { get; init; }

    /// <summary>Session, or the origin.</summary>
    public required Guid Subject { get; init; }

    /// <summary>Epoch.</summary>
    public required Guid Epoch { get; init; }

    /// <summary>0 in, 1 out, 2 err; 255: belongs to no stream.</summary>
    public required byte Stream { get; init; }

    /// <summary>DATA and GAP: offset in the stream; STREAM_END: its total.</summary>
    public required ulong Offset { get; init; }

    /// <summary>DATA and GAP: length in bytes, null for a GAP of unknown length; other types: 0.</summary>
    public required ulong? Length { get; init; }

    /// <summary>DATA: flags; GAP: reason; STREAM_END and SESSION_END: cause.</summary>
    public required ulong Flags { get; init; }

    /// <summary>Elements of the frame's body.</summary>
    public required uint Elements { get; init; }

    /// <summary>DATA: the recorded bytes; other types: the encoded elements of the body.</summary>
    public required ReadOnlyMemory<byte> Data { get; init; }

    /// <summary>DATA: encoded elements after the bytes that this version doesn't know; else empty.</summary>
    public required ReadOnlyMemory<byte> Tail { get; init; }

    /// <summary>Its place: the key to continue after.</summary>
    public FrameKey Key => new(Boottime, Epoch, Seq);

    internal const string Columns = "type, seq, boottime, ts, subject, epoch, stream, offset, length, length_known, flags, elements, data, tail";

    /// <summary>
    /// Writes the frame's canonical bytes, exactly as the node hashed them: FORMAT.md allows the shortest forms only, so they
    /// follow from the values.
    /// </summary>
    public void ToCanonical(IBufferWriter<byte> output)
    {
        var writer = new MessagePackWriter(output);
        writer.WriteArrayHeader(HeaderElements + (int)Elements);
        writer.WriteUInt64(Type);
        writer.WriteUInt64(Seq);
        writer.WriteUInt64(Boottime);
        writer.WriteUuid(Subject);
        if (Type == (byte)FrameType.Data)
        {
            writer.WriteUInt64(Stream);
            writer.WriteUInt64(Offset);
            writer.WriteUInt64(Flags);
            writer.WriteBinary(Data.Span);
            writer.WriteRaw(Tail.Span);
        }
        else
        {
            writer.WriteRaw(Data.Span);
        }
        writer.Flush();
    }

    internal static StoredFrame Read(ref RowReader row)
    {
        byte type = row.UInt8();
        ulong seq = row.UInt64(), boottime = row.UInt64();
        long time = row.Int64();
        Guid subject = row.Uuid(), epoch = row.Uuid();
        byte stream = row.UInt8();
        ulong offset = row.UInt64(), length = row.UInt64();
        bool known = row.Bool();
        return new StoredFrame
        {
            Type = type,
            Seq = seq,
            Boottime = boottime,
            Time = time,
            Subject = subject,
            Epoch = epoch,
            Stream = stream,
            Offset = offset,
            Length = known ? length : null,
            Flags = row.UInt8(),
            Elements = row.UInt32(),
            Data = row.Bytes().ToArray(),
            Tail = row.Bytes().ToArray(),
        };
    }
}
