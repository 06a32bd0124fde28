namespace Recorder.Wire;

/// <summary>One frame among encoded ones. Valid as long as the bytes it was read from.</summary>
public readonly ref struct Frame
{
    private readonly long _offset;

    internal Frame(FrameHeader header, int elements, ReadOnlySpan<byte> bytes, int headerSize, long offset)
    {
        Header = header;
        Elements = elements;
        Bytes = bytes;
        BodyBytes = bytes[headerSize..];
        _offset = offset + headerSize;
    }

    /// <summary>Type, seq, time and subject.</summary>
    public FrameHeader Header { get; }

    /// <summary>Values in the body: at least as many as the type has.</summary>
    public int Elements { get; }

    /// <summary>The whole frame as it is encoded.</summary>
    public ReadOnlySpan<byte> Bytes { get; }

    /// <summary>The encoded values of the body, one after another.</summary>
    public ReadOnlySpan<byte> BodyBytes { get; }

    /// <summary>A reader at the body's first value, for the <c>Read</c> of the frame's type.</summary>
    public MessagePackReader Body => new(BodyBytes, _offset);

    /// <summary>Reads the body as its type, so that what was checked can be read back later. Ancillary frames have nothing to check.</summary>
    /// <exception cref="WireFormatException">A value is not what FORMAT.md says.</exception>
    public void Check()
    {
        MessagePackReader body = Body;
        switch (Header.Type)
        {
            case FrameType.Session: SessionFrame.Read(ref body); break;
            case FrameType.Data: DataFrame.Read(ref body); break;
            case FrameType.Gap: GapFrame.Read(ref body); break;
            case FrameType.StreamEnd: StreamEndFrame.Read(ref body); break;
            case FrameType.SessionEnd: SessionEndFrame.Read(ref body); break;
            case FrameType.Resize: ResizeFrame.Read(ref body); break;
            case FrameType.Fork: ForkFrame.Read(ref body); break;
            case FrameType.Exec: ExecFrame.Read(ref body); break;
            case FrameType.Exit: ExitFrame.Read(ref body); break;
            case FrameType.Connect: ConnectFrame.Read(ref body); break;
            case FrameType.Probes: ProbesFrame.Read(ref body); break;
            case FrameType.Node: NodeFrame.Read(ref body); break;
            case FrameType.Unrecordable: UnrecordableFrame.Read(ref body); break;
        }
    }
}
