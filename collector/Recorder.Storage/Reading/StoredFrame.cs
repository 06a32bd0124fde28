using System.Buffers;

namespace Recorder.Storage;

/// <summary>A row of <c>frames</c>.</summary>
public sealed record StoredFrame
{
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

    /// <summary>DATA and GAP: length in bytes, null for a GAP of unknown length.</summary>
    public required ulong? Length { get; init; }

    /// <summary>DATA: flags; GAP: reason; STREAM_END and SESSION_END: cause.</summary>
    public required ulong Flags { get; init; }

    /// <summary>Elements of the frame's array.</summary>
    public required ushort Elements { get; init; }

    /// <summary>DATA: the recorded bytes; other types: the encoded elements after the subject.</summary>
    public required ReadOnlyMemory<byte> Data { get; init; }

    /// <summary>DATA: encoded elements after the bytes that this version doesn't know; else empty.</summary>
    public required ReadOnlyMemory<byte> Tail { get; init; }

    /// <summary>Its place: the key to continue after.</summary>
    public FrameKey Key => new(Boottime, Epoch, Seq);

    /// <summary>Writes the frame's canonical bytes, exactly as the node hashed them.</summary>
    public void ToCanonical(IBufferWriter<byte> output) => throw new NotSupportedException(output.ToString());
}
