using System.Globalization;

namespace Recorder.Agent.Configuration;

/// <summary>Sizes as people write them: bytes, or a whole number of KiB, MiB or GiB (<c>32MiB</c>, <c>32 MiB</c>, <c>65536</c>).</summary>
internal static class ByteSize
{
    private static readonly (string Suffix, long Factor)[] Units =
        [("KiB", 1L << 10), ("MiB", 1L << 20), ("GiB", 1L << 30), ("B", 1)];

    public static bool TryParse(string text, out long bytes)
    {
        ReadOnlySpan<char> digits = text.AsSpan().Trim();
        long factor = 1;
        foreach ((string suffix, long unit) in Units)
        {
            if (!digits.EndsWith(suffix, StringComparison.OrdinalIgnoreCase))
                continue;
            digits = digits[..^suffix.Length].TrimEnd();
            factor = unit;
            break;
        }

        bytes = 0;
        if (!long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long count) || count > long.MaxValue / factor)
            return false;
        bytes = count * factor;
        return true;
    }

    public static string Format(long bytes)
    {
        string unit = "B";
        long shown = bytes;
        foreach ((string suffix, long factor) in Units)
        {
            if (factor > 1 && bytes >= factor && bytes % factor == 0)
                (unit, shown) = (suffix, bytes / factor);
        }

        return string.Create(CultureInfo.InvariantCulture, $"{shown} {unit}");
    }
}
