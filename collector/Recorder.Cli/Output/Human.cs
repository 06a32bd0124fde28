using System.Globalization;

namespace Recorder.Cli.Output;

/// <summary>Times, durations and sizes as text for people. Times are UTC.</summary>
internal static class Human
{
    private static readonly string[] Units = ["B", "KiB", "MiB", "GiB", "TiB"];

    public static string Time(DateTimeOffset? time) =>
        time?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? "-";

    public static string Instant(DateTimeOffset? time) =>
        time?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture) ?? "-";

    public static string Duration(TimeSpan? duration)
    {
        if (duration is not { } value)
            return "-";
        if (value < TimeSpan.Zero)
            value = TimeSpan.Zero;
        return value.TotalSeconds switch
        {
            < 1 => string.Create(CultureInfo.InvariantCulture, $"{(int)value.TotalMilliseconds}ms"),
            < 60 => string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(value.TotalSeconds * 10) / 10:0.0}s"),
            < 3600 => string.Create(CultureInfo.InvariantCulture, $"{(int)value.TotalMinutes}m{value.Seconds:00}s"),
            < 86400 => string.Create(CultureInfo.InvariantCulture, $"{(int)value.TotalHours}h{value.Minutes:00}m"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{(int)value.TotalDays}d{value.Hours:00}h"),
        };
    }

    public static string Size(long bytes)
    {
        double value = bytes;
        int unit = 0;
        while (value >= 1024 && unit < Units.Length - 1)
        {
            value /= 1024;
            unit++;
        }

        return unit == 0 ? $"{bytes} B" : string.Create(CultureInfo.InvariantCulture, $"{value:0.0} {Units[unit]}");
    }

    public static string Count(long number, string one, string many) => string.Create(CultureInfo.InvariantCulture, $"{number} {(number == 1 ? one : many)}");

    /// <summary>Exit code or signal of what ended.</summary>
    public static string Exit(int? code, int? signal) => (code, signal) switch
    {
        (_, > 0) => string.Create(CultureInfo.InvariantCulture, $"signal {signal}"),
        ({ } value, _) => value.ToString(CultureInfo.InvariantCulture),
        _ => "-",
    };
}
