using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;

namespace Recorder.Cli.Output;

/// <summary>Escapes what JSON demands and all <see cref="Hazards"/>, and nothing else: the result is safe to print and still readable.</summary>
internal sealed class JsonEncoder : JavaScriptEncoder
{
    private const string HexDigits = "0123456789abcdef";

    /// <summary>\uXXXX.</summary>
    private const int EscapedUnit = 6;

    private static readonly SearchValues<char> Plain =
        SearchValues.Create(" !#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{|}~");

    public static JsonEncoder Instance { get; } = new();

    /// <summary>A surrogate pair written as two \uXXXX.</summary>
    public override int MaxOutputCharactersPerInputCharacter => 12;

    public override bool WillEncode(int unicodeScalar) =>
        unicodeScalar is '"' or '\\' || !Rune.TryCreate(unicodeScalar, out Rune rune) || Hazards.Includes(rune);

    public override unsafe int FindFirstCharacterToEncode(char* text, int textLength)
    {
        var span = new ReadOnlySpan<char>(text, textLength);
        for (int at = 0; at < span.Length;)
        {
            int special = span[at..].IndexOfAnyExcept(Plain);
            if (special < 0)
                return -1;
            at += special;
            if (Rune.DecodeFromUtf16(span[at..], out Rune rune, out int consumed) != OperationStatus.Done || WillEncode(rune.Value))
                return at;
            at += consumed;
        }

        return -1;
    }

    public override unsafe bool TryEncodeUnicodeScalar(int unicodeScalar, char* buffer, int bufferLength, out int numberOfCharactersWritten)
    {
        var output = new Span<char>(buffer, bufferLength);
        if (Short(unicodeScalar) is { } letter)
        {
            numberOfCharactersWritten = 0;
            if (output.Length < 2)
                return false;
            (output[0], output[1]) = ('\\', letter);
            numberOfCharactersWritten = 2;
            return true;
        }

        Span<char> units = stackalloc char[2];
        int count = (Rune.IsValid(unicodeScalar) ? new Rune(unicodeScalar) : Rune.ReplacementChar).EncodeToUtf16(units);
        numberOfCharactersWritten = 0;
        if (output.Length < count * EscapedUnit)
            return false;
        for (int i = 0; i < count; i++)
            WriteUnit(units[i], output[(i * EscapedUnit)..]);
        numberOfCharactersWritten = count * EscapedUnit;
        return true;
    }

    private static char? Short(int scalar) => scalar switch
    {
        '"' or '\\' => (char)scalar,
        '\n' => 'n',
        '\r' => 'r',
        '\t' => 't',
        '\b' => 'b',
        _ => null,
    };

    private static void WriteUnit(char unit, Span<char> output)
    {
        "\\u".CopyTo(output);
        for (int digit = 0; digit < 4; digit++)
            output[2 + digit] = HexDigits[(unit >> (12 - (4 * digit))) & 15];
    }
}
