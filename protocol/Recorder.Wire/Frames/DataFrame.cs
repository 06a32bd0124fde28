using System.Buffers;

namespace Recorder.Wire;

/// <summary>Bytes of a stream.</summary>
public readonly ref struct DataFrame
{
    internal const int Elements = 4;

    /// <summary>Creates the frame.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="offset">Offset of the first byte in the stream.</param>
    /// <param name="flags">How they were moved.</param>
    /// <param name="bytes">1 to <see cref="WireLimits.Data"/> bytes.</param>
    public DataFrame(StreamId stream, ulong offset, DataFlags flags, ReadOnlySpan<byte> bytes)
    {
        Stream = stream;
        Offset = offset;
        Flags = flags;
        Bytes = bytes;
    }

    /// <summary>The stream.</summary>
    public StreamId Stream { get; }

    /// <summary>Offset of the first byte in the stream.</summary>
    public ulong Offset { get; }

    /// <summary>How the bytes were moved.</summary>
    public DataFlags Flags { get; }

    /// <summary>The bytes; after <see cref="Read"/> a part of the input.</summary>
    public ReadOnlySpan<byte> Bytes { get; }

    /// <summary>Appends the frame to the output. Allocates nothing.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No bytes, or more than the limit.</exception>
    public void Write(IBufferWriter<byte> output, ulong seq, ulong time, Guid subject)
    {
        ArgumentOutOfRangeException.ThrowIfZero(Bytes.Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Bytes.Length, WireLimits.Data);
        MessagePackWriter writer = FrameHeader.Begin(output, FrameType.Data, Elements, seq, time, subject);
        writer.WriteUInt64((byte)Stream);
        writer.WriteUInt64(Offset);
        writer.WriteUInt64((byte)Flags);
        writer.WriteBinary(Bytes);
        writer.Flush();
    }

    /// <summary>Reads the body of a DATA frame.</summary>
    public static DataFrame Read(ref MessagePackReader reader)
    {
        StreamId stream = FrameValues.ReadStream(ref reader);
        int start = reader.Position;
        ulong offset = reader.ReadUInt64();
        var flags = (DataFlags)reader.ReadUInt64(byte.MaxValue);
        ReadOnlySpan<byte> bytes = reader.ReadBinary();
        if (bytes.Length is 0 or > WireLimits.Data || offset > ulong.MaxValue - (ulong)bytes.Length)
            throw reader.Error(start, $"DATA of {bytes.Length} bytes");
        return new DataFrame(stream, offset, flags, bytes);
    }
}
