namespace Recorder.Collector.Diagnostics;

/// <summary>Text from a peer on its way into a log line: cut, and without characters that a terminal or a line-based reader obeys.</summary>
internal static class Printable
{
    private const int Longest = 200;

    public static string Of(string? text)
    {
        if (string.IsNullOrEmpty(text)) return "-";
        string cut = text.Length <= Longest ? text : text[..Longest] + "…";
        return string.Create(cut.Length, cut, static (span, source) =>
        {
            for (int i = 0; i < span.Length; i++) span[i] = char.IsControl(source[i]) || char.IsSurrogate(source[i]) ? '?' : source[i];
        });
    }
}
