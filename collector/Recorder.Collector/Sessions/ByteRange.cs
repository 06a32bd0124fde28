using System.Globalization;

namespace Recorder.Collector.Sessions;

/// <summary>The offsets of one Range header: [From, To).</summary>
internal readonly record struct ByteRange(ulong From, ulong To)
{
    private const string Unit = "bytes=";

    /// <summary>
    /// Reads <c>bytes=a-b</c>, <c>bytes=a-</c> or <c>bytes=-n</c> (RFC 9110, section 14.1.2).
    /// Returns false when it isn't one such range: then it is ignored, as the RFC has it. A null range can't be satisfied.
    /// </summary>
    public static bool TryRead(string header, ulong length, out ByteRange? range)
    {
        range = null;
        if (!header.StartsWith(Unit, StringComparison.OrdinalIgnoreCase)) return false;
        string[] parts = header[Unit.Length..].Trim().Split('-');
        if (parts.Length != 2) return false;
        bool hasFirst = TryNumber(parts[0], out ulong first);
        bool hasLast = TryNumber(parts[1], out ulong last);
        if ((!hasFirst && parts[0].Length > 0) || (!hasLast && parts[1].Length > 0)) return false;

        if (hasFirst && hasLast && last < first) return false;
        if (hasFirst) range = first < length ? new ByteRange(first, hasLast && last < length ? last + 1 : length) : null;
        else if (hasLast) range = last > 0 && length > 0 ? new ByteRange(length - Math.Min(last, length), length) : null;
        else return false;
        return true;
    }

    private static bool TryNumber(string text, out ulong number) => ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
