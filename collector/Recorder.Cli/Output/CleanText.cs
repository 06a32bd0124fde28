using System.Globalization;
using System.Text;

namespace Recorder.Cli.Output;

/// <summary>Makes captured text safe to show: controls become their pictures (ESC is ␛) or, where the terminal has no Unicode, \x escapes.</summary>
internal static class CleanText
{
    /// <summary>One line of text in which nothing is a control any more.</summary>
    /// <param name="text">Captured text.</param>
    /// <param name="unicode">Whether the terminal shows Unicode; otherwise all that is not ASCII is escaped.</param>
    /// <param name="keepTabs">Leaves tabs as they are.</param>
    public static string Of(string? text, bool unicode = true, bool keepTabs = false)
    {
        if (string.IsNullOrEmpty(text))
            return "";
        var clean = new StringBuilder(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (rune.Value == '\t' && keepTabs || !Hazards.Includes(rune) && (unicode || rune.IsAscii))
                clean.Append(rune);
            else
                Escape(rune, unicode, clean);
        }

        return clean.ToString();
    }

    /// <summary>A command line: arguments joined by spaces, quoted where a shell would need it.</summary>
    public static string Command(IReadOnlyList<string>? arguments, bool unicode = true) =>
        arguments is null ? "" : string.Join(' ', arguments.Select(argument => Of(Quote(argument), unicode)));

    private static string Quote(string argument)
    {
        if (argument.Length > 0 && argument.All(character => char.IsLetterOrDigit(character) || "-_./:=@%+,^".Contains(character, StringComparison.Ordinal)))
            return argument;
        return "'" + argument.Replace("'", "'\\''", StringComparison.Ordinal) + "'";
    }

    private static void Escape(Rune rune, bool unicode, StringBuilder clean)
    {
        if (unicode && rune.Value < 0x20)
            clean.Append((char)(0x2400 + rune.Value));
        else if (unicode && rune.Value == 0x7F)
            clean.Append('\u2421');
        else if (rune.Value <= 0xFF)
            clean.Append(CultureInfo.InvariantCulture, $"\\x{rune.Value:x2}");
        else if (rune.Value <= 0xFFFF)
            clean.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}");
        else
            clean.Append(CultureInfo.InvariantCulture, $"\\U{rune.Value:x8}");
    }
}
