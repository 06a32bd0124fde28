using System.Text;

namespace Recorder.Cli.Export;

/// <summary>
/// Turns the bytes of one stream into text, frame by frame: what a frame leaves unfinished is carried over to the next, what is not valid UTF-8 becomes
/// U+FFFD. Without a terminal nothing turned a line feed into a new line: with <paramref name="returns"/> a carriage return is put before it.
/// </summary>
internal sealed class Utf8Carry(bool returns)
{
    private readonly Decoder _decoder = new UTF8Encoding(false, throwOnInvalidBytes: false).GetDecoder();
    private bool _afterReturn;

    /// <summary>The text that these bytes complete.</summary>
    public string Decode(ReadOnlySpan<byte> bytes, bool last = false)
    {
        char[] characters = new char[_decoder.GetCharCount(bytes, last)];
        _decoder.GetChars(bytes, characters, last);
        string text = new(characters);
        return returns ? WithReturns(text) : text;
    }

    private string WithReturns(string text)
    {
        var changed = new StringBuilder(text.Length + 16);
        foreach (char character in text)
        {
            if (character == '\n' && !_afterReturn)
                changed.Append('\r');
            changed.Append(character);
            _afterReturn = character == '\r';
        }

        return changed.ToString();
    }
}
