using System.Text;
using System.Text.Json;
using Recorder.Cli.Api;
using Recorder.Cli.Output;
using Recorder.Cli.Sessions;

namespace Recorder.Cli.Search;

/// <summary>What to look for.</summary>
/// <param name="Pattern">RE2, or plain text.</param>
/// <param name="Fixed">The pattern is plain text.</param>
/// <param name="IgnoreCase">Upper and lower case are the same.</param>
/// <param name="Stream">Comma-separated streams, null for the API's default of out and err.</param>
/// <param name="Limit">Most hits.</param>
internal sealed record GrepOptions(string Pattern, bool Fixed, bool IgnoreCase, string? Stream, int Limit);

/// <summary><c>recorder grep</c>: hits in recorded output, as they are found.</summary>
internal static class GrepCommand
{
    private const string Match = "\e[1;31m";
    private const string Place = "\e[36m";
    private const string Plain = "\e[0m";

    public static async Task<int> RunAsync(CommandContext context, SessionFilter filter, GrepOptions options, bool json, CancellationToken cancellation)
    {
        string path = QueryString.Append(
            filter.AppendTo("api/v1/search"),
            ("pattern", options.Pattern),
            ("fixed", options.Fixed ? "true" : null),
            ("ignoreCase", options.IgnoreCase ? "true" : null),
            ("stream", options.Stream),
            ("limit", options.Limit));
        int hits = 0;
        using HttpResponseMessage response = await context.Client.OpenAsync(path, "application/x-ndjson", slow: true, cancellation);
        await using var lines = new LineReader(await response.Content.ReadAsStreamAsync(cancellation));
        while (await NextAsync(context.Client, lines, cancellation) is { } line)
        {
            hits++;
            WriteHit(context.Screen, line, json);
        }

        if (hits >= options.Limit)
            context.Screen.Note($"stopped after {Human.Count(hits, "hit", "hits")}: --limit asks for more");
        return hits > 0 ? ExitCodes.Success : ExitCodes.Negative;
    }

    private static async Task<byte[]?> NextAsync(CollectorClient client, LineReader lines, CancellationToken cancellation)
    {
        try
        {
            return await lines.ReadAsync(cancellation);
        }
        catch (Exception e) when (e is IOException or InvalidDataException or HttpRequestException)
        {
            throw new CommandFailedException($"the collector at {client.Server} broke off the search: {e.Message}");
        }
    }

    private static void WriteHit(Screen screen, byte[] line, bool json)
    {
        using JsonDocument document = JsonDocument.Parse(line);
        if (json)
        {
            JsonLines.WriteLine(screen.Output, document.RootElement.WriteTo);
            return;
        }

        SearchHit hit = document.RootElement.Deserialize(ApiJson.Default.SearchHit)!;
        screen.WriteLine(Format(hit, screen.Facts));
    }

    /// <summary>One hit as one line: where it is, and the line with what matched set off.</summary>
    internal static string Format(SearchHit hit, ScreenFacts facts)
    {
        string place = CleanText.Of($"{hit.Session} {Human.Instant(hit.Time)} {hit.Stream}:", facts.Unicode);
        (string before, string match, string after) = Split(hit.Line ?? "", hit.Match);
        string text(string part) => CleanText.Of(part, facts.Unicode, keepTabs: true);
        return facts.Colours
            ? $"{Place}{place}{Plain} {text(before)}{Match}{text(match)}{Plain}{text(after)}"
            : $"{place} {text(before)}{text(match)}{text(after)}";
    }

    /// <summary>Cuts the line at the match, whose place is counted in UTF-8 bytes; a place outside of the line matches nothing.</summary>
    private static (string Before, string Match, string After) Split(string line, IReadOnlyList<int>? match)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(line);
        if (match is not [>= 0 and int start, >= 0 and int length] || start > bytes.Length || length > bytes.Length - start)
            return (line, "", "");
        return (Encoding.UTF8.GetString(bytes, 0, start), Encoding.UTF8.GetString(bytes, start, length), Encoding.UTF8.GetString(bytes, start + length, bytes.Length - start - length));
    }
}
