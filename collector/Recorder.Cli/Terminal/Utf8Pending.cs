namespace Recorder.Cli.Terminal;

/// <summary>What one more byte means for the UTF-8 character that is being put together.</summary>
internal enum Utf8Step
{
    /// <summary>The byte stands alone: ASCII, or no part of a character.</summary>
    Single,

    /// <summary>The character needs more bytes.</summary>
    More,

    /// <summary>The character is complete, see <see cref="Utf8Pending.Taken"/>.</summary>
    Complete,

    /// <summary>The bytes before this one were no character; this one was not taken.</summary>
    BrokenBefore,
}

/// <summary>Puts a UTF-8 character together byte by byte (Unicode 15, table 3-7: no overlong forms, no surrogates, nothing above U+10FFFF).</summary>
internal sealed class Utf8Pending
{
    private readonly byte[] _bytes = new byte[4];
    private int _length;
    private int _needed;
    private int _taken;

    public bool IsEmpty => _length == 0;

    /// <summary>The last complete character.</summary>
    public ReadOnlySpan<byte> Taken => _bytes.AsSpan(0, _taken);

    public Utf8Step Add(byte value)
    {
        if (_length == 0)
            return Begin(value);
        if (!Continues(value))
        {
            _length = 0;
            return Utf8Step.BrokenBefore;
        }

        _bytes[_length++] = value;
        if (_length < _needed)
            return Utf8Step.More;
        _taken = _length;
        _length = 0;
        return Utf8Step.Complete;
    }

    /// <summary>Forgets an unfinished character and says whether there was one.</summary>
    public bool Abandon()
    {
        bool was = _length > 0;
        _length = 0;
        return was;
    }

    private Utf8Step Begin(byte value)
    {
        _needed = value switch
        {
            >= 0xC2 and <= 0xDF => 2,
            >= 0xE0 and <= 0xEF => 3,
            >= 0xF0 and <= 0xF4 => 4,
            _ => 1,
        };
        if (_needed == 1)
            return Utf8Step.Single;
        _bytes[0] = value;
        _length = 1;
        return Utf8Step.More;
    }

    private bool Continues(byte value)
    {
        if (_length > 1)
            return value is >= 0x80 and <= 0xBF;
        return _bytes[0] switch
        {
            0xE0 => value is >= 0xA0 and <= 0xBF,
            0xED => value is >= 0x80 and <= 0x9F,
            0xF0 => value is >= 0x90 and <= 0xBF,
            0xF4 => value is >= 0x80 and <= 0x8F,
            _ => value is >= 0x80 and <= 0xBF,
        };
    }
}
