using System.Buffers;

namespace Recorder.Wire;

/// <summary>Nothing follows in a stream.</summary>
/// <param name="Stream">The stream.</param>
/// <param name="Total">Its length: DATA and GAP frames tile [0, total).</param>
/// <param name="Cause">Why it ended.</param>
public readonly record struct StreamEndFrame(StreamId Stream, ulong Total, StreamEndCause Cause)
{
    internal const int Elements = 3;

    /// <summary>Appends the frame to the output. Allocates nothing.</summary>
    public void Write(IBufferWriter<byte> output, ulong seq, ulong time, Guid subject)
    {
        MessagePackWriter writer = FrameHeader.Begin(output, FrameType.StreamEnd, Elements, seq, time, subject);
        writer.WriteUInt64((byte)Stream);
        writer.WriteUInt64(Total);
        writer.WriteUInt64((byte)Cause);
        writer.Flush();
    }

    /// <summary>Reads the body of a STREAM_END frame.</summary>
    public static StreamEndFrame Read(ref MessagePackReader reader) => new(
        FrameValues.ReadStream(ref reader),
        reader.ReadUInt64(),
        (StreamEndCause)FrameValues.ReadCode(ref reader, (byte)StreamEndCause.AgentDown));
}
