namespace Recorder.Cli.Terminal;

/// <summary>What one more byte means for a string that is being dropped.</summary>
internal enum StringStep
{
    /// <summary>It belongs to the string.</summary>
    Inside,

    /// <summary>It ended the string.</summary>
    Ended,

    /// <summary>The string ended before it.</summary>
    EndedBefore,

    /// <summary>The string ended before the ESC that stood before it.</summary>
    EndedBeforeEscape,
}

/// <summary>Finds the end of a string: OSC, DCS, APC, PM, SOS, or a title by ESC k. Nothing of it is kept.</summary>
internal sealed class DroppedString
{
    /// <summary>Bytes after which an unterminated string no longer hides what follows.</summary>
    public const int Longest = 1 << 20;

    /// <summary>Digits of the Linux console's OSC P, which has no terminator.</summary>
    private const int PaletteDigits = 7;

    private enum Part { Start, Palette, Body, Escape }

    private Part _part;
    private bool _operatingSystem;
    private int _length;

    /// <param name="operatingSystem">An OSC: BEL ends it, and the Linux console has two that end by themselves.</param>
    public void Begin(bool operatingSystem)
    {
        _operatingSystem = operatingSystem;
        _part = operatingSystem ? Part.Start : Part.Body;
        _length = 0;
    }

    /// <summary>Takes an ASCII byte.</summary>
    public StringStep Add(byte value)
    {
        switch (_part)
        {
            case Part.Escape when value == (byte)'\\':
                return StringStep.Ended;
            case Part.Escape when value != 0x1B:
                return StringStep.EndedBeforeEscape;
            case Part.Start when value == (byte)'R': // resets the palette
                return StringStep.Ended;
            case Part.Start when value == (byte)'P': // sets a colour
                _part = Part.Palette;
                return StringStep.Inside;
            case Part.Palette:
                return AddDigit(value);
            default:
                return AddToBody(value);
        }
    }

    /// <summary>Takes so many bytes of a character that is not ASCII, or of none.</summary>
    public StringStep Skip(int length)
    {
        _part = Part.Body;
        _length += length;
        return _length > Longest ? StringStep.Ended : StringStep.Inside;
    }

    private StringStep AddToBody(byte value)
    {
        if (value == 0x1B)
        {
            _part = Part.Escape;
            return StringStep.Inside;
        }

        return value == 0x07 && _operatingSystem ? StringStep.Ended : Skip(1);
    }

    private StringStep AddDigit(byte value)
    {
        if (!char.IsAsciiHexDigit((char)value))
            return StringStep.EndedBefore;
        return ++_length == PaletteDigits ? StringStep.Ended : StringStep.Inside;
    }
}
