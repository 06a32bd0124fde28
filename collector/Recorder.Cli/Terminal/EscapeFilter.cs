using System.Buffers;

namespace Recorder.Cli.Terminal;

/// <summary>
/// Passes recorded terminal output on to a live terminal without letting it act on that terminal beyond its screen.
/// A state machine over bytes after <see href="https://vt100.net/emu/dec_ansi_parser">the DEC parser</see>: it keeps its state between calls, so that
/// the result is the same however the recording was cut into frames.
/// <list type="number">
/// <item>Only what <see cref="ControlSequences"/> and <see cref="EscapeSequences"/> list is written, always in its 7-bit form.</item>
/// <item>C1 controls are understood as single bytes and as UTF-8; text is written as valid UTF-8, what is not valid as U+FFFD.</item>
/// <item>Strings (OSC, DCS, APC, PM, SOS, a title by ESC k) are dropped whole. One longer than <see cref="LongestString"/> is taken for a lie and ends there.</item>
/// <item>An unfinished sequence is never written.</item>
/// </list>
/// </summary>
internal sealed class EscapeFilter
{
    /// <summary>Bytes after which an unterminated string no longer hides what follows.</summary>
    internal const int LongestString = 1 << 20;

    private enum State { Ground, Escape, EscapeIntermediate, Control, ControlIgnored, OscStart, LinuxPalette, String, StringEscape }

    private readonly Utf8Pending _pending = new();
    private readonly ControlSequences _sequences;
    private State _state;
    private bool _bellEnds;
    private int _stringLength;
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
        if (InString)
        {
            CountString(bytes.Length);
            return;
        }

        Abort();
        output.Write(bytes);
    }

    private bool InString => _state is State.String or State.StringEscape or State.OscStart or State.LinuxPalette;

    private void Abort()
    {
        if (_state == State.Ground)
            return;
        Neutralised++;
        _state = State.Ground;
    }

    private void CountString(int length)
    {
        if (_state is State.OscStart or State.StringEscape)
            _state = State.String;
        _stringLength += length;
        if (_stringLength > LongestString)
            Abort();
    }

    private void C1(byte value, IBufferWriter<byte> output)
    {
        Abort();
        switch (value)
        {
            case 0x9B: BeginControl(); break;
            case 0x9D: BeginString(bellEnds: true, State.OscStart); break;
            case 0x90 or 0x98 or 0x9E or 0x9F: BeginString(bellEnds: false, State.String); break;
            case 0x9C: break; // ST: what it ended has been counted
            default: FinishEscape((byte)(value - 0x40), output); break;
        }
    }

    private void BeginControl()
    {
        _sequences.Clear();
        _state = State.Control;
    }

    private void BeginString(bool bellEnds, State state)
    {
        _bellEnds = bellEnds;
        _stringLength = 0;
        _state = state;
    }

    private void Ascii(byte value, IBufferWriter<byte> output)
    {
        if (value == 0x1B)
        {
            BeginEscape();
            return;
        }

        if (value is 0x18 or 0x1A)
        {
            Abort();
            return;
        }

        if (InString)
            StringByte(value, output);
        else if (value < 0x20)
            Execute(value, output);
        else if (value != 0x7F)
            SequenceByte(value, output);
    }

    private void BeginEscape()
    {
        if (InString)
        {
            _state = State.StringEscape;
            return;
        }

        Abort();
        StartEscape();
    }

    private void StartEscape()
    {
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
        switch (_state)
        {
            case State.StringEscape when value == (byte)'\\':
                Abort();
                break;
            case State.StringEscape:
                Abort();
                StartEscape();
                Ascii(value, output);
                break;
            case State.OscStart when value == (byte)'R': // Linux console: reset palette, no terminator
                Abort();
                break;
            case State.OscStart when value == (byte)'P': // Linux console: set palette, 7 digits follow, no terminator
                _state = State.LinuxPalette;
                _stringLength = 0;
                break;
            case State.LinuxPalette:
                PaletteByte(value, output);
                break;
            case State.String or State.OscStart when value == 0x07 && _bellEnds:
                Abort();
                break;
            default:
                CountString(1);
                break;
        }
    }

    private void PaletteByte(byte value, IBufferWriter<byte> output)
    {
        if (!char.IsAsciiHexDigit((char)value))
        {
            Abort();
            Ascii(value, output);
        }
        else if (++_stringLength == 7)
        {
            Abort();
        }
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
            BeginString(bellEnds: value == (byte)']', value == (byte)']' ? State.OscStart : State.String);
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
