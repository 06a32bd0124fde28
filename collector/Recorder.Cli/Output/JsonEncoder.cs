using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;

namespace Recorder.Cli.Output;

/// <summary>Escapes what JSON demands and all <see cref="Hazards"/>, and nothing else: the result is safe to print and still readable.</summary>
internal sealed class JsonEncoder : JavaScriptEncoder
{
    public static JsonEncoder Instance { get; } = new();

    /// <summary>A surrogate pair written as two \uXXXX.</summary>
    public override int MaxOutputCharactersPerInputCharacter => 12;

    public override bool WillEncode(int unicodeScalar) =>
        unicodeScalar is '"' or '\\' || !Rune.TryCreate(unicodeScalar, out Rune rune) || Hazards.Includes(rune);

    public override unsafe int FindFirstCharacterToEncode(char* text, int textLength)
    {
        var span = new ReadOnlySpan<char>(text, textLength);
        for (int i = 0; i < span.Length;)
        {
            if (Rune.DecodeFromUtf16(span[i..], out Rune rune, out int consumed) != System.Buffers.OperationStatus.Done || WillEncode(rune.Value))
                return i;
            i += consumed;
        }

        return -1;
    }

    public override unsafe bool TryEncodeUnicodeScalar(int unicodeScalar, char* buffer, int bufferLength, out int numberOfCharactersWritten)
    {
        string text = Escape(unicodeScalar);
        numberOfCharactersWritten = 0;
        if (text.Length > bufferLength)
            return false;
        text.CopyTo(new Span<char>(buffer, bufferLength));
        numberOfCharactersWritten = text.Length;
        return true;
    }

    private static string Escape(int scalar)
    {
        switch (scalar)
        {
            case '"' or '\\': return "\\" + (char)scalar;
            case '\n': return "\\n";
            case '\r': return "\\r";
            case '\t': return "\\t";
            case '\b': return "\\b";
        }

        var text = new StringBuilder();
        foreach (char unit in Rune.IsValid(scalar) ? char.ConvertFromUtf32(scalar) : "\uFFFD")
            text.Append(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}");
        return text.ToString();
    }
}
