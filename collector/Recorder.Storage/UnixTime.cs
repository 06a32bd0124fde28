using System.Globalization;

namespace Recorder.Storage;

/// <summary>Unix time in nanoseconds (UTC), as ClickHouse's DateTime64(9) holds it.</summary>
public static class UnixTime
{
    private const long PerTick = 100;

    /// <summary>Nanoseconds since the Unix epoch.</summary>
    public static long From(DateTimeOffset time) => (time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) * PerTick;

    /// <summary>RFC 3339 with nanoseconds: <c>2026-01-02T03:04:05.123456789Z</c>.</summary>
    public static string ToRfc3339(long nanoseconds)
    {
        long ticks = Math.DivRem(nanoseconds, PerTick, out long rest);
        if (rest < 0) (ticks, rest) = (ticks - 1, rest + PerTick);
        DateTime time = DateTime.UnixEpoch.AddTicks(ticks);
        return time.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff", CultureInfo.InvariantCulture)
            + rest.ToString("00", CultureInfo.InvariantCulture) + "Z";
    }
}
