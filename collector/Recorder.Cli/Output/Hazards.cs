using System.Globalization;
using System.Text;

namespace Recorder.Cli.Output;

/// <summary>Characters that may not reach a terminal or a reader as they are: controls, and what is invisible or turns the direction of text.</summary>
internal static class Hazards
{
    public static bool Includes(Rune rune) => rune.IsAscii
        ? rune.Value is < 0x20 or 0x7F
        : Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate or UnicodeCategory.OtherNotAssigned or UnicodeCategory.PrivateUse;
}
