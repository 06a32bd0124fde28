using System.Buffers;

namespace Recorder.Wire;

/// <summary>A frame of an ancillary type that is not known here: kept as it is.</summary>
public readonly ref struct OpaqueFrame
{
    /// <summary>Creates the frame.</summary>
    /// <param name="type">128 or above.</param>
    /// <param name="elements">Values in the body.</param>
    /// <param name="body">The encoded values, one after another.</param>
    public OpaqueFrame(FrameType type, int elements, ReadOnlySpan<byte> body)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan((byte)type, (byte)128);
        Type = type;
        Elements = elements;
        Body = body;
    }

    /// <summary>The type, 128 or above.</summary>
    public FrameType Type { get; }

    /// <summary>Values in the body.</summary>
    public int Elements { get; }

    /// <summary>The encoded values, one after another.</summary>
    public ReadOnlySpan<byte> Body { get; }

    /// <summary>Takes a frame as it is.</summary>
    public static OpaqueFrame From(in Frame frame) => new(frame.Header.Type, frame.Elements, frame.BodyBytes);

    /// <summary>Appends the frame to the output. Allocates nothing.</summary>
    public void Write(IBufferWriter<byte> output, ulong seq, ulong time, Guid subject)
    {
        MessagePackWriter writer = FrameHeader.Begin(output, Type, Elements, seq, time, subject);
        writer.WriteRaw(Body);
        writer.Flush();
    }
}
