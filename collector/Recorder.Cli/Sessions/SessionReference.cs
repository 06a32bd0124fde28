using System.Globalization;
using System.Text.Json;
using Recorder.Cli.Api;

namespace Recorder.Cli.Sessions;

/// <summary>Finds the session that the user means by an id or by the beginning of one.</summary>
internal static class SessionReference
{
    /// <summary>A shorter beginning says too little: the first digits are time.</summary>
    private const int ShortestPrefix = 4;

    private const int MostCandidates = 5;

    /// <summary>An id's time is the node's clock when it saw the session; the session may have begun a little before.</summary>
    private static readonly TimeSpan ClockMargin = TimeSpan.FromHours(1);

    /// <summary>The one session that <paramref name="text"/> names.</summary>
    /// <exception cref="CommandFailedException">None or several do, or it can't be an id.</exception>
    public static async Task<JsonElement> FindAsync(CollectorClient client, string text, CancellationToken cancellation)
    {
        string id = text.Trim().ToLowerInvariant();
        if (Guid.TryParseExact(id, "D", out _))
        {
            using JsonDocument document = await client.GetAsync($"api/v1/sessions/{id}", cancellation);
            return document.RootElement.Clone();
        }

        if (!IsPrefix(id))
            throw new CommandFailedException($"'{Output.CleanText.Of(text)}' is no session id: give a UUID or at least {ShortestPrefix} of its first digits");
        List<JsonElement> found = await CandidatesAsync(client, id, cancellation);
        return found.Count switch
        {
            1 => found[0],
            0 => throw new CommandFailedException($"no session's id begins with '{id}'", ExitCodes.Negative),
            _ => throw Ambiguous(id, found),
        };
    }

    /// <summary>Whether the text could begin a UUID in its usual form.</summary>
    internal static bool IsPrefix(string text) =>
        text.Length is >= ShortestPrefix and < 36
        && text.Index().All(at => at.Index is 8 or 13 or 18 or 23 ? at.Item == '-' : char.IsAsciiHexDigitLower(at.Item) || char.IsAsciiDigit(at.Item));

    /// <summary>The times between which a UUIDv7 that begins so was made.</summary>
    internal static (DateTimeOffset From, DateTimeOffset To)? TimesOf(string prefix)
    {
        string digits = prefix.Replace("-", "", StringComparison.Ordinal);
        digits = digits[..Math.Min(digits.Length, 12)];
        long from = long.Parse(digits.PadRight(12, '0'), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        long to = long.Parse(digits.PadRight(12, 'f'), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        long last = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds() - (long)ClockMargin.TotalMilliseconds;
        return from > last || digits.Length < 8 ? null : (DateTimeOffset.FromUnixTimeMilliseconds(from), DateTimeOffset.FromUnixTimeMilliseconds(Math.Min(to, last)));
    }

    private static async Task<List<JsonElement>> CandidatesAsync(CollectorClient client, string prefix, CancellationToken cancellation)
    {
        foreach (string? kind in new[] { null, "probe" })
        {
            var all = new SessionFilter { Kind = kind };
            if (TimesOf(prefix) is { } times)
            {
                SessionFilter near = all with { Since = Text(times.From - ClockMargin), Until = Text(times.To + ClockMargin) };
                List<JsonElement> found = await ScanAsync(client, near, prefix, cancellation);
                if (found.Count > 0)
                    return found;
            }

            List<JsonElement> anywhere = await ScanAsync(client, all, prefix, cancellation);
            if (anywhere.Count > 0)
                return anywhere;
        }

        return [];
    }

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static async Task<List<JsonElement>> ScanAsync(CollectorClient client, SessionFilter filter, string prefix, CancellationToken cancellation)
    {
        var found = new List<JsonElement>();
        await foreach (JsonElement item in client.ItemsAsync(filter.AppendTo("api/v1/sessions"), null, cancellation))
        {
            if (item.TryGetProperty("id", out JsonElement id) && id.GetString()!.StartsWith(prefix, StringComparison.Ordinal))
                found.Add(item.Clone());
            if (found.Count > MostCandidates)
                break;
        }

        return found;
    }

    private static CommandFailedException Ambiguous(string prefix, List<JsonElement> found)
    {
        IEnumerable<string> ids = found.Take(MostCandidates).Select(item => item.GetProperty("id").GetString()!);
        string more = found.Count > MostCandidates ? ", …" : "";
        return new CommandFailedException($"'{prefix}' begins more than one session's id: {string.Join(", ", ids)}{more}");
    }
}
