namespace Recorder.Wire;

/// <summary>
/// Goes through frames that stand one after another. Each is well-formed when it is shown: whole, in shortest form, within the limits, of
/// a known or ancillary type and with no value of its body missing. What the values mean is checked by the <c>Read</c> of each type.
/// </summary>
public ref struct FrameReader
{
    private MessagePackReader _reader;
    private readonly ReadOnlySpan<byte> _frames;
    private readonly long _origin;
    private Frame _current;

    /// <summary>Starts before the first frame.</summary>
    /// <param name="frames">Concatenated frames.</param>
    /// <param name="origin">What is added to positions in errors.</param>
    public FrameReader(ReadOnlySpan<byte> frames, long origin = 0)
    {
        _frames = frames;
        _origin = origin;
        _reader = new MessagePackReader(frames, origin);
    }

    /// <summary>The frame that <see cref="MoveNext"/> reached.</summary>
    public readonly Frame Current => _current;

    /// <summary>Reaches the next frame; false at the end.</summary>
    /// <exception cref="WireFormatException">The next bytes are not a frame.</exception>
    public bool MoveNext()
    {
        if (_reader.End)
            return false;
        int start = _reader.Position;
        FrameHeader header = FrameHeader.Read(ref _reader, out int elements);
        int body = _reader.Position;
        Check(header, elements, start);
        for (int i = 0; i < elements; i++)
            _reader.Skip(WireLimits.Nesting - 1);
        ReadOnlySpan<byte> bytes = _frames[start.._reader.Position];
        if (bytes.Length > WireLimits.Frame)
            throw _reader.Error(start, $"a frame of {bytes.Length} bytes", RefuseCode.FrameTooLarge);
        _current = new Frame(header, elements, bytes, body - start, _origin + start);
        return true;
    }

    /// <summary>The reader itself, for foreach.</summary>
    public readonly FrameReader GetEnumerator() => this;

    private readonly void Check(FrameHeader header, int elements, int start)
    {
        int least = LeastElements(header.Type);
        if (least < 0 && !header.IsAncillary)
            throw _reader.Error(start, $"unknown frame type {(byte)header.Type}", RefuseCode.UnknownFrame);
        if (elements < least)
            throw _reader.Error(start, $"a {header.Type} frame that is too short");
    }

    private static int LeastElements(FrameType type) => type switch
    {
        FrameType.Session or FrameType.Exec or FrameType.Probes or FrameType.Node or FrameType.Unrecordable => 1,
        FrameType.Data => DataFrame.Elements,
        FrameType.Gap => GapFrame.Elements,
        FrameType.StreamEnd => StreamEndFrame.Elements,
        FrameType.SessionEnd => SessionEndFrame.Elements,
        FrameType.Resize => ResizeFrame.Elements,
        FrameType.Fork => ForkFrame.Elements,
        FrameType.Exit => ExitFrame.Elements,
        FrameType.Connect => ConnectFrame.Elements,
        _ => -1,
    };
}
