using System.Buffers;

namespace Recorder.Cli.Terminal;

/// <summary>
/// Passes recorded terminal output on to a live terminal without letting it act on that terminal beyond its screen.
/// A state machine over bytes after <see href="https://vt100.net/emu/dec_ansi_parser">the DEC parser</see>: it keeps its state between calls, so that
/// the result is the same however the recording was cut into frames.
/// <list type="number">
/// <item>Only what <see cref="ControlSequences"/> and <see cref="EscapeSequences"/> list is written, always in its 7-bit form.</item>
/// <item>C1 controls are understood as single bytes and as UTF-8; text is written as valid UTF-8, what is not valid as U+FFFD.</item>
/// <item>Strings (OSC, DCS, APC, PM, SOS, a title by ESC k) are dropped whole. One longer than <see cref="DroppedString.Longest"/> is taken for a lie and ends there.</item>
/// <item>An unfinished sequence is never written.</item>
/// </list>
/// </summary>
internal sealed class EscapeFilter
{
    private enum State { Ground, Escape, EscapeIntermediate, Control, ControlIgnored, String }

    private readonly Utf8Pending _pending = new();
    private readonly ControlSequences _sequences;
    private readonly DroppedString _string = new();
    private State _state;
    private byte _intermediate;
    private bool _tooManyIntermediates;

    public EscapeFilter() => _sequences = new ControlSequences(Trace);

    /// <summary>What was changed in the terminal and has to be put back at the end.</summary>
    public ScreenTrace Trace { get; } = new();

    /// <summary>Number of sequences and controls that were not passed on.</summary>
    public long Neutralised { get; private set; }

    /// <summary>Filters one piece of the recording.</summary>
    public void Write(ReadOnlySpan<byte> input, IBufferWriter<byte> output)
    {
        while (!input.IsEmpty)
        {
            if (_state == State.Ground && _pending.IsEmpty)
            {
                int printable = input.IndexOfAnyExceptInRange((byte)0x20, (byte)0x7E);
                int length = printable < 0 ? input.Length : printable;
                if (length > 0)
                {
                    output.Write(input[..length]);
                    input = input[length..];
                    continue;
                }
            }

            Next(input[0], output);
            input = input[1..];
        }
    }

    /// <summary>The recording ended: an unfinished character becomes U+FFFD, an unfinished sequence nothing.</summary>
    public void Finish(IBufferWriter<byte> output)
    {
        if (_pending.Abandon())
            Invalid(output);
        if (_state != State.Ground)
            Neutralised++;
        _state = State.Ground;
    }

    private void Next(byte value, IBufferWriter<byte> output)
    {
        switch (_pending.Add(value))
        {
            case Utf8Step.More:
                return;
            case Utf8Step.Complete:
                Character(output);
                return;
            case Utf8Step.BrokenBefore:
                Invalid(output);
                Next(value, output);
                return;
            case Utf8Step.Single when value < 0x80:
                Ascii(value, output);
                return;
            case Utf8Step.Single when value < 0xA0:
                C1(value, output);
                return;
            default:
                Invalid(output);
                return;
        }
    }

    private void Character(IBufferWriter<byte> output)
    {
        ReadOnlySpan<byte> bytes = _pending.Taken;
        if (bytes[0] == 0xC2 && bytes[1] < 0xA0)
            C1(bytes[1], output);
        else
            Text(bytes, output);
    }

    private void Invalid(IBufferWriter<byte> output) => Text("\uFFFD"u8, output);

    private void Text(ReadOnlySpan<byte> bytes, IBufferWriter<byte> output)
    {
        if (_state == State.String)
        {
            if (_string.Skip(bytes.Length) == StringStep.Ended)
                Abort();
            return;
        }

        Abort();
        output.Write(bytes);
    }

    private void Abort()
    {
        if (_state == State.Ground)
            return;
        Neutralised++;
        _state = State.Ground;
    }

    private void C1(byte value, IBufferWriter<byte> output)
    {
        Abort();
        switch (value)
        {
            case 0x9B: BeginControl(); break;
            case 0x9D: BeginString(operatingSystem: true); break;
            case 0x90 or 0x98 or 0x9E or 0x9F: BeginString(operatingSystem: false); break;
            case 0x9C: break; // ST: what it ended has been counted
            default: FinishEscape((byte)(value - 0x40), output); break;
        }
    }

    private void BeginControl()
    {
        _sequences.Clear();
        _state = State.Control;
    }

    private void BeginString(bool operatingSystem)
    {
        _string.Begin(operatingSystem);
        _state = State.String;
    }

    private void Ascii(byte value, IBufferWriter<byte> output)
    {
        if (value is 0x18 or 0x1A)
            Abort();
        else if (_state == State.String)
            StringByte(value, output);
        else if (value == 0x1B)
            BeginEscape();
        else if (value < 0x20)
            Execute(value, output);
        else if (value != 0x7F)
            SequenceByte(value, output);
    }

    private void BeginEscape()
    {
        Abort();
        _intermediate = 0;
        _tooManyIntermediates = false;
        _state = State.Escape;
    }

    /// <summary>C0 controls act even inside of a sequence; the sequence goes on.</summary>
    private void Execute(byte value, IBufferWriter<byte> output)
    {
        if (value is >= 0x08 and <= 0x0F)
        {
            if (value is 0x0E or 0x0F)
                Trace.CharacterSets = true;
            output.Write([value]);
        }
        else if (value != 0)
        {
            Neutralised++;
        }
    }

    private void StringByte(byte value, IBufferWriter<byte> output)
    {
        StringStep step = _string.Add(value);
        if (step == StringStep.Inside)
            return;
        Abort();
        if (step == StringStep.EndedBeforeEscape)
            BeginEscape();
        if (step != StringStep.Ended)
            Ascii(value, output);
    }

    private void SequenceByte(byte value, IBufferWriter<byte> output)
    {
        switch (_state)
        {
            case State.Ground:
                output.Write([value]);
                break;
            case State.Escape or State.EscapeIntermediate:
                EscapeByte(value, output);
                break;
            case State.Control or State.ControlIgnored:
                ControlByte(value, output);
                break;
        }
    }

    private void EscapeByte(byte value, IBufferWriter<byte> output)
    {
        if (value is >= 0x20 and <= 0x2F)
        {
            _tooManyIntermediates |= _state == State.EscapeIntermediate;
            _intermediate = value;
            _state = State.EscapeIntermediate;
            return;
        }

        if (_state == State.Escape && value is (byte)'[' or (byte)']' or (byte)'P' or (byte)'X' or (byte)'^' or (byte)'_' or (byte)'k')
            Introduce(value);
        else
            FinishEscape(value, output);
    }

    private void Introduce(byte value)
    {
        if (value == (byte)'[')
            BeginControl();
        else
            BeginString(operatingSystem: value == (byte)']');
    }

    private void FinishEscape(byte final, IBufferWriter<byte> output)
    {
        byte intermediate = _state == State.EscapeIntermediate ? _intermediate : (byte)0;
        bool known = !_tooManyIntermediates || _state != State.EscapeIntermediate;
        _state = State.Ground;
        if (!known || !EscapeSequences.TryWrite(intermediate, final, Trace, output))
            Neutralised++;
    }

    private void ControlByte(byte value, IBufferWriter<byte> output)
    {
        if (value >= 0x40)
        {
            bool ignored = _state == State.ControlIgnored;
            _state = State.Ground;
            if (ignored || !_sequences.TryWrite(value, output))
                Neutralised++;
        }
        else if (_state == State.Control && !_sequences.TryAdd(value))
        {
            _state = State.ControlIgnored;
        }
    }
}
