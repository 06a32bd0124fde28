using System.Buffers;

namespace Recorder.Wire;

/// <summary>The terminal's size changed.</summary>
/// <param name="Columns">Characters in a line.</param>
/// <param name="Rows">Lines.</param>
public readonly record struct ResizeFrame(ushort Columns, ushort Rows)
{
    internal const int Elements = 2;

    /// <summary>Appends the frame to the output. Allocates nothing.</summary>
    public void Write(IBufferWriter<byte> output, ulong seq, ulong time, Guid subject)
    {
        MessagePackWriter writer = FrameHeader.Begin(output, FrameType.Resize, Elements, seq, time, subject);
        writer.WriteUInt64(Columns);
        writer.WriteUInt64(Rows);
        writer.Flush();
    }

    /// <summary>Reads the body of a RESIZE frame.</summary>
    public static ResizeFrame Read(ref MessagePackReader reader) =>
        new(FrameValues.ReadUInt16(ref reader), FrameValues.ReadUInt16(ref reader));
}
