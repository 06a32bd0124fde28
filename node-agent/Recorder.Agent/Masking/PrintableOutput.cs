namespace Recorder.Agent.Masking;

/// <summary>
/// What a terminal's recent output printed, without escape sequences: the text in which the echo of input is looked for. Positions
/// count up for ever; only the newest <see cref="Capacity"/> bytes are kept. A line feed stands in the text as itself, a backspace and
/// a move to the left take back what they move over, since line editors print what follows the cursor again and step back over it.
/// </summary>
internal sealed class PrintableOutput
{
    /// <summary>Bytes of text that are kept.</summary>
    public const int Capacity = 8192;

    private const int MostMarks = 512;

    // The text is compacted to its newest half when it is full, so that a position is an index plus _base.
    private readonly byte[] _text = new byte[Capacity];
    private readonly (long Position, ulong Time)[] _marks = new (long, ulong)[MostMarks];
    private int _length;
    private int _markCount;
    private long _base;
    private State _state;
    private int _parameter;

    private enum State
    {
        Ground,
        Escape,
        Skip,
        Control,
        String,
        StringEscape,
    }

    /// <summary>Position behind the newest byte.</summary>
    public long End => _base + _length;

    /// <summary>Position of the oldest byte that is kept.</summary>
    public long Start => _base;

    /// <summary>When the newest output came, in its event's time.</summary>
    public ulong Time { get; private set; }

    /// <summary>The text from a position on, less when part of it is no longer kept.</summary>
    public ReadOnlySpan<byte> From(long position) =>
        position >= End ? default : _text.AsSpan((int)(Math.Max(position, _base) - _base), (int)(End - Math.Max(position, _base)));

    /// <summary>Adds the last <paramref name="most"/> bytes of the output.</summary>
    public void Append(ulong time, ReadOnlySpan<byte> output, int most)
    {
        if (output.Length > most)
        {
            output = output[^most..];
            _state = State.Ground;
        }

        Time = Math.Max(Time, time);
        Mark(time);
        foreach (var value in output)
            Add(value);
    }

    /// <summary>The first position whose output came at <paramref name="time"/> or later.</summary>
    public long PositionAt(ulong time)
    {
        var position = End;
        for (var at = _markCount - 1; at >= 0 && _marks[at].Time >= time; at--)
            position = _marks[at].Position;
        return Math.Min(position, End);
    }

    /// <summary>Where the write begins that follows the one at a position; <see cref="End"/> where none does.</summary>
    public long NextWrite(long position)
    {
        for (var at = 0; at < _markCount; at++)
        {
            if (_marks[at].Position > position)
                return Math.Min(_marks[at].Position, End);
        }

        return End;
    }

    private void Mark(ulong time)
    {
        if (_markCount == MostMarks)
        {
            Array.Copy(_marks, MostMarks / 2, _marks, 0, MostMarks / 2);
            _markCount = MostMarks / 2;
        }

        _marks[_markCount++] = (End, time);
    }

    private void Add(byte value)
    {
        switch (_state)
        {
            case State.Ground:
                Print(value);
                break;
            case State.Escape:
                _state = AfterEscape(value);
                break;
            case State.Skip:
                _state = State.Ground;
                break;
            case State.Control:
                Control(value);
                break;
            case State.String:
                _state = value switch { 0x07 => State.Ground, 0x1b => State.StringEscape, _ => State.String };
                break;
            case State.StringEscape:
                _state = value == '\\' ? State.Ground : AfterEscape(value);
                break;
        }
    }

    private State AfterEscape(byte value)
    {
        _parameter = 0;
        return value switch
        {
            (byte)'[' => State.Control,
            (byte)']' or (byte)'P' or (byte)'X' or (byte)'^' or (byte)'_' => State.String,
            // Intermediate bytes (character sets and the like) have one more byte behind them.
            >= 0x20 and <= 0x2f => State.Skip,
            0x1b => State.Escape,
            _ => State.Ground,
        };
    }

    private void Control(byte value)
    {
        if (value is >= (byte)'0' and <= (byte)'9')
            _parameter = Math.Min((_parameter * 10) + value - '0', Capacity);
        else if (value is >= 0x40 and <= 0x7e)
        {
            if (value == 'D')
                TakeBack(Math.Max(_parameter, 1));
            _state = State.Ground;
        }
        else if (value == 0x1b)
            _state = State.Escape;
    }

    private void Print(byte value)
    {
        switch (value)
        {
            case 0x1b:
                _state = State.Escape;
                break;
            case (byte)'\b':
                TakeBack(1);
                break;
            case (byte)'\r':
                // At the right margin a line editor prints a blank and a return to make the terminal wrap.
                if (_length > 0 && _text[_length - 1] == ' ')
                    TakeBack(1);
                break;
            case (byte)'\n':
            case >= 0x20 and not 0x7f:
                Append(value);
                break;
        }
    }

    private void Append(byte value)
    {
        if (_length == Capacity)
        {
            Buffer.BlockCopy(_text, Capacity / 2, _text, 0, Capacity / 2);
            _length = Capacity / 2;
            _base += Capacity / 2;
        }

        _text[_length++] = value;
    }

    /// <summary>Takes back characters of the current line, UTF-8 sequences as one each.</summary>
    private void TakeBack(int count)
    {
        while (count-- > 0 && _length > 0 && _text[_length - 1] != '\n')
        {
            while (_length > 1 && (_text[_length - 1] & 0xC0) == 0x80)
                _length--;
            _length--;
        }

        // What a write printed begins no later than where it stepped back to.
        for (var at = _markCount - 1; at >= 0 && _marks[at].Position > End; at--)
            _marks[at].Position = End;
    }
}
