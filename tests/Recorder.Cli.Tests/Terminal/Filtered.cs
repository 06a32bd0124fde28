using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;
using Recorder.Cli.Terminal;

namespace Recorder.Cli.Tests.Terminal;

/// <summary>Runs the filter, and judges its output by a grammar of its own.</summary>
internal static partial class Filtered
{
    /// <summary>Bytes as text, one character each: 0x9B is U+009B.</summary>
    public static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);

    public static byte[] All(ReadOnlySpan<byte> input) => Pieces(input, input.Length == 0 ? 1 : input.Length);

    /// <summary>The input in pieces of so many bytes.</summary>
    public static byte[] Pieces(ReadOnlySpan<byte> input, int size)
    {
        var filter = new EscapeFilter();
        var output = new ArrayBufferWriter<byte>();
        for (int at = 0; at < input.Length; at += size)
            filter.Write(input[at..Math.Min(input.Length, at + size)], output);
        filter.Finish(output);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>What in the output is on no list; empty when all is.</summary>
    public static string Violations(byte[] output)
    {
        string rest = Allowed().Replace(Encoding.Latin1.GetString(output), "");
        return string.Concat(rest.Select(character => character is > ' ' and < '\x7F' ? $"{character}" : $"\\x{(int)character:x2}"));
    }

    // UTF-8 by table 3-7 without C2 80 to C2 9F; then the sequences that a screen needs, numbers of four digits at most.
    [GeneratedRegex(
        """
        [\x20-\x7e\x08-\x0f]
        | \xc2[\xa0-\xbf] | [\xc3-\xdf][\x80-\xbf]
        | \xe0[\xa0-\xbf][\x80-\xbf] | [\xe1-\xec\xee\xef][\x80-\xbf]{2} | \xed[\x80-\x9f][\x80-\xbf]
        | \xf0[\x90-\xbf][\x80-\xbf]{2} | [\xf1-\xf3][\x80-\xbf]{3} | \xf4[\x80-\x8f][\x80-\xbf]{2}
        | \x1b[78DEHM] | \x1b[()*+][0AB12] | \x1b\x238
        | \x1b\[(\d{0,4}(;\d{0,4}){0,31})?[@ABCDEFGHfIZLMPSX`adeb]
        | \x1b\[([0-9]{0,4}([;:][0-9]{0,4}){0,31})?m
        | \x1b\[\d{0,4}T | \x1b\[\x3f?[012]?[JK] | \x1b\[\d{0,4}g | \x1b\[(\d{0,4}(;\d{0,4})?)?r | \x1b\[[su] | \x1b\[4[hl]
        | \x1b\[\x3f(6|7|25|47|1047|1048|1049)(;(6|7|25|47|1047|1048|1049))*[hl]
        """,
        RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant)]
    private static partial Regex Allowed();
}
