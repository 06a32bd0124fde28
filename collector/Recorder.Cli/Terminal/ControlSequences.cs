using System.Buffers;
using System.Globalization;
using System.Text;

namespace Recorder.Cli.Terminal;

/// <summary>
/// Collects the parameters of a control sequence (CSI) and writes it if it is allowed, its numbers bounded.
/// The finals are those of <see href="https://invisible-island.net/xterm/ctlseqs/ctlseqs.html">xterm's list</see>; whatever answers, prints, resizes,
/// reports the mouse or changes what keys send is not among them.
/// </summary>
internal sealed class ControlSequences(ScreenTrace trace)
{
    private const int LongestParameters = 256;
    private const int MostParameters = 32;
    private const int LargestParameter = 9999;
    private const int MostRepetitions = 1000;

    private readonly byte[] _parameters = new byte[LongestParameters];
    private int _length;
    private bool _hasIntermediates;

    public void Clear()
    {
        _length = 0;
        _hasIntermediates = false;
    }

    /// <summary>Takes a parameter byte; false when the sequence can no longer be one of the allowed.</summary>
    public bool TryAdd(byte value)
    {
        if (value <= 0x2F)
        {
            _hasIntermediates |= value != (byte)'!';
            return value == (byte)'!' && _length == 0 && TryStore(value); // CSI ! p, the soft reset
        }

        return !_hasIntermediates && TryStore(value);
    }

    /// <summary>Writes the sequence with this final byte if it is allowed.</summary>
    /// <returns>False when nothing was written.</returns>
    public bool TryWrite(byte final, IBufferWriter<byte> output)
    {
        ReadOnlySpan<byte> text = _parameters.AsSpan(0, _length);
        if (text is [(byte)'!'])
            return TrySoftReset(final, output);
        if (text is [(byte)'?', ..])
            return TryWritePrivate(text[1..], final, output);
        if (final == (byte)'m')
            return TryWriteGraphics(text, output);

        Span<int> numbers = stackalloc int[MostParameters];
        if (!TryParse(text, numbers, out int count) || !IsAllowed(final, numbers[..count], text))
            return false;
        Emit("\e["u8, numbers[..count], text.IsEmpty, final, final == (byte)'b' ? MostRepetitions : LargestParameter, output);
        return true;
    }

    private bool TryStore(byte value)
    {
        if (_length == LongestParameters)
            return false;
        _parameters[_length++] = value;
        return true;
    }

    private bool TrySoftReset(byte final, IBufferWriter<byte> output)
    {
        if (final != (byte)'p')
            return false;
        trace.CharacterSets = true;
        output.Write("\e[0m\e[4l\e[?25h\e(B\x0f"u8);
        return true;
    }

    private bool IsAllowed(byte final, ReadOnlySpan<int> numbers, ReadOnlySpan<byte> text)
    {
        switch ((char)final)
        {
            case '@' or 'A' or 'B' or 'C' or 'D' or 'E' or 'F' or 'G' or 'H' or 'f' or 'I' or 'Z': // insert, move, tabs
            case 'L' or 'M' or 'P' or 'S' or 'X' or '`' or 'a' or 'b' or 'd' or 'e': // lines, delete, scroll, erase, move, repeat
                return true;
            case 'T': // scroll down; with more parameters it tracks the mouse
                return numbers.Length <= 1;
            case 'J' or 'K': // 3 J would erase what the user could scroll back to
                return numbers.Length <= 1 && numbers[0] <= 2;
            case 'g':
                trace.Tabs = true;
                return true;
            case 'r':
                trace.Margins = true;
                return numbers.Length <= 2;
            case 's' or 'u': // save and restore the cursor; with parameters they are other things
                return text.IsEmpty;
            case 'h' or 'l': // insert mode only: 2 locks the keyboard, 12 echoes, 20 changes Return
                return numbers is [4];
            default:
                return false;
        }
    }

    private bool TryWritePrivate(ReadOnlySpan<byte> text, byte final, IBufferWriter<byte> output)
    {
        Span<int> numbers = stackalloc int[MostParameters];
        if (!TryParse(text, numbers, out int count))
            return false;
        if (final is (byte)'J' or (byte)'K' && count <= 1 && numbers[0] <= 2)
        {
            Emit("\e[?"u8, numbers[..count], text.IsEmpty, final, LargestParameter, output);
            return true;
        }

        return final is (byte)'h' or (byte)'l' && TryWriteModes(numbers[..count], final, output);
    }

    private bool TryWriteModes(Span<int> modes, byte final, IBufferWriter<byte> output)
    {
        int kept = 0;
        foreach (int mode in modes)
        {
            if (mode is not (6 or 7 or 25 or 47 or 1047 or 1048 or 1049))
                continue;
            Note(mode, set: final == (byte)'h');
            modes[kept++] = mode;
        }

        if (kept == 0)
            return false;
        Emit("\e[?"u8, modes[..kept], omitted: false, final, LargestParameter, output);
        return true;
    }

    private void Note(int mode, bool set)
    {
        if (mode == 6)
            trace.Origin = true;
        else if (mode is 47 or 1047 or 1049)
            trace.AlternateScreen = set ? mode : 0;
    }

    /// <summary>SGR alone may have sub-parameters (colons), as in 4:3 and 38:2::r:g:b.</summary>
    private static bool TryWriteGraphics(ReadOnlySpan<byte> text, IBufferWriter<byte> output)
    {
        int digits = 0;
        int parameters = 1;
        foreach (byte value in text)
        {
            if (value is (byte)';' or (byte)':')
            {
                parameters++;
                digits = 0;
            }
            else if (value > (byte)'9' || ++digits > 4)
            {
                return false;
            }
        }

        if (parameters > MostParameters)
            return false;
        output.Write("\e["u8);
        output.Write(text);
        output.Write("m"u8);
        return true;
    }

    private static bool TryParse(ReadOnlySpan<byte> text, Span<int> numbers, out int count)
    {
        count = 1;
        numbers[0] = 0;
        foreach (byte value in text)
        {
            if (value == (byte)';')
            {
                if (count == MostParameters)
                    return false;
                numbers[count++] = 0;
            }
            else if (value is >= (byte)'0' and <= (byte)'9')
            {
                numbers[count - 1] = Math.Min((numbers[count - 1] * 10) + value - '0', LargestParameter);
            }
            else
            {
                return false;
            }
        }

        return true;
    }

    private static void Emit(ReadOnlySpan<byte> start, ReadOnlySpan<int> numbers, bool omitted, byte final, int largest, IBufferWriter<byte> output)
    {
        var text = new StringBuilder();
        for (int i = 0; !omitted && i < numbers.Length; i++)
            text.Append(i == 0 ? "" : ";").Append(Math.Min(numbers[i], largest).ToString(CultureInfo.InvariantCulture));
        output.Write(start);
        output.Write(Encoding.ASCII.GetBytes(text.ToString()));
        output.Write([final]);
    }
}
