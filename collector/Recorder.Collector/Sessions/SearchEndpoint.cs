using System.Buffers;
using System.Text.Json;
using Recorder.Collector.Store;
using Recorder.Collector.Web;
using Recorder.Storage;

namespace Recorder.Collector.Sessions;

/// <summary>Search in recorded output, a hit a line, sent as they are found.</summary>
internal static class SearchEndpoint
{
    private const int DefaultLimit = 1000;
    private const int LimitAtMost = 100_000;
    private const int PatternBytesAtMost = 4096;

    public static void MapSearch(this IEndpointRouteBuilder api) => api.MapGet("/search", SearchAsync);

    private static async Task SearchAsync(HttpContext context, StoreHandle store, TimeProvider time)
    {
        var search = Read(context, time);
        if (MediaTypes.Negotiate(context.Request, MediaTypes.JsonLines) is null)
            throw new ApiProblemException(ApiProblem.NotAcceptable(context.Request.Headers.Accept.ToString(), MediaTypes.JsonLines));
        var cancellation = context.RequestAborted;
        await using var hits = store.Current.Sessions.SearchAsync(search, cancellation).GetAsyncEnumerator(cancellation);
        bool any = await FirstAsync(hits, search.Pattern);

        context.Response.ContentType = MediaTypes.JsonLines;
        await context.Response.StartAsync(cancellation);
        for (; any; any = await hits.MoveNextAsync())
        {
            await using (var json = new Utf8JsonWriter(context.Response.BodyWriter))
                JsonSerializer.Serialize(json, SearchHitView.Of(hits.Current), ApiJson.Default.SearchHitView);
            context.Response.BodyWriter.Write("\n"u8);
            await context.Response.BodyWriter.FlushAsync(cancellation);
        }
    }

    private static SearchQuery Read(HttpContext context, TimeProvider time)
    {
        var query = new QueryParameters(context.Request, [.. SessionFilterQuery.Names, "pattern", "fixed", "ignoreCase", "stream", "limit"]);
        string pattern = query.Text("pattern") ?? throw QueryParameters.Refused("pattern", string.Empty, "an RE2 pattern, or text with fixed=true");
        if (System.Text.Encoding.UTF8.GetByteCount(pattern) > PatternBytesAtMost) throw QueryParameters.Refused("pattern", pattern, $"at most {PatternBytesAtMost} bytes");
        return new SearchQuery
        {
            Pattern = pattern,
            Fixed = query.Flag("fixed"),
            IgnoreCase = query.Flag("ignoreCase"),
            Sessions = SessionFilterQuery.Read(query, time.GetUtcNow()),
            Streams = (query.Several("stream", "in", "out", "err") ?? ["out", "err"]).Select(static name => ApiNames.Stream(name)!.Value).ToArray(),
            Limit = query.Integer("limit", 1, LimitAtMost, DefaultLimit),
        };
    }

    /// <summary>The first hit is found before the answer begins, so that a bad pattern can still be answered with 400.</summary>
    private static async Task<bool> FirstAsync(IAsyncEnumerator<SearchHit> hits, string pattern)
    {
        try
        {
            return await hits.MoveNextAsync();
        }
        catch (StoreException e) when (e.Error == StoreError.InvalidArgument)
        {
            throw QueryParameters.Refused("pattern", pattern, $"an RE2 pattern ({e.Message})");
        }
    }
}
