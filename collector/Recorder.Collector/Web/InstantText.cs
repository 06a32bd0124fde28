using System.Globalization;

namespace Recorder.Collector.Web;

/// <summary>Instants in queries: RFC 3339 with offset, or a duration before now (90s, 15m, 2h, 7d).</summary>
internal static class InstantText
{
    public const string Allowed = "an RFC 3339 time (2026-01-31T12:00:00Z) or a duration before now (90s, 15m, 2h, 7d)";

    /// <summary>Within what 64 bits of nanoseconds since 1970 hold.</summary>
    private const int EarliestYear = 1900;
    private const int LatestYear = 2200;

    private const long LongestSeconds = 100L * 365 * 86400;

    private static readonly string[] Formats =
    [
        "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK",
    ];

    public static bool TryParse(string text, DateTimeOffset now, out DateTimeOffset instant)
    {
        if (TryDuration(text, out var before))
        {
            instant = now - before;
            return true;
        }

        string shortened = ToTicks(text);
        bool zoned = text.EndsWith('Z') || (text.Length > 6 && text[^6] is '+' or '-' && text[^3] == ':');
        return DateTimeOffset.TryParseExact(shortened, Formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out instant)
            && zoned
            && instant.UtcDateTime.Year is >= EarliestYear and <= LatestYear;
    }

    private static bool TryDuration(string text, out TimeSpan duration)
    {
        duration = default;
        if (text.Length < 2 || !int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out int count)) return false;
        int unit = text[^1] switch { 's' => 1, 'm' => 60, 'h' => 3600, 'd' => 86400, _ => 0 };
        long seconds = (long)count * unit;
        if (unit == 0 || seconds > LongestSeconds) return false;
        duration = TimeSpan.FromSeconds(seconds);
        return true;
    }

    /// <summary>Cuts a fraction of more than seven digits, which the framework's parser refuses.</summary>
    private static string ToTicks(string text)
    {
        int dot = text.IndexOf('.', StringComparison.Ordinal);
        if (dot < 0) return text;
        int end = dot + 1;
        while (end < text.Length && char.IsAsciiDigit(text[end])) end++;
        return end - dot > 8 ? text[..(dot + 8)] + text[end..] : text;
    }
}
