using System.Globalization;
using Recorder.Collector.Store;
using Recorder.Collector.Web;
using Recorder.Storage;

namespace Recorder.Collector.Sessions;

/// <summary>A stream's bytes, whole or a range of its offsets.</summary>
internal static class StreamEndpoint
{
    private const int BufferBytes = 128 << 10;

    public static void MapStreams(this IEndpointRouteBuilder api) => api.MapGet("/sessions/{id}/streams/{stream}", GetAsync);

    private static async Task GetAsync(HttpContext context, string id, string stream, StoreHandle store)
    {
        var query = new QueryParameters(context.Request, "gaps");
        string gaps = query.OneOf("gaps", "skip", "zero", "fail") ?? "skip";
        byte number = ApiNames.Stream(stream) ?? throw QueryParameters.Refused("stream", stream, "in, out, err");
        var session = await SessionEndpoints.RequireSessionAsync(store, id, context.RequestAborted);
        var map = await store.Current.Sessions.StreamMapAsync(session.Id, number, context.RequestAborted) ?? Empty(session, number);

        ulong gapBytes = GapBytes(map);
        if (gaps == "fail" && map.Gaps.Count > 0) throw new ApiProblemException(ApiProblem.HasGaps(map.Gaps.Count, gapBytes));
        var headers = context.Response.Headers;
        headers["X-Recorder-Gaps"] = map.Gaps.Count.ToString(CultureInfo.InvariantCulture);
        headers["X-Recorder-Gap-Bytes"] = gapBytes.ToString(CultureInfo.InvariantCulture);
        headers.AcceptRanges = "bytes";
        headers.ContentDisposition = $"attachment; filename=\"{session.Id}-{stream}\"";

        var mode = gaps == "zero" ? GapMode.Zero : GapMode.Skip;
        var range = Range(context, map, mode);
        context.Response.ContentType = MediaTypes.Bytes;
        if (Length(map, mode, range) is { } length and <= long.MaxValue) context.Response.ContentLength = (long)length;
        await context.Response.StartAsync(context.RequestAborted);
        // Chunks are as small as the writes that were recorded.
        await using var body = new BufferedStream(context.Response.Body, BufferBytes);
        await store.Current.Sessions.StreamAsync(session.Id, number, range?.From ?? 0, range?.To ?? map.End, mode, body, context.RequestAborted);
        await body.FlushAsync(context.RequestAborted);
    }

    private static StreamMap Empty(SessionRecord session, byte stream)
    {
        if (session.Streams.All(known => known.Stream != stream)) throw new ApiProblemException(ApiProblem.NotFound($"session {session.Id} has no stream '{ApiNames.Stream(stream)}'"));
        return new StreamMap(stream, 0, 0, null, [], 0);
    }

    /// <summary>Sets status and Content-Range; null: the whole stream.</summary>
    private static ByteRange? Range(HttpContext context, StreamMap map, GapMode mode)
    {
        string header = context.Request.Headers.Range.ToString();
        if (header.Length == 0 || !ByteRange.TryRead(header, map.End, out var range)) return null;
        if (range is not { } asked)
        {
            context.Response.Headers.ContentRange = $"bytes */{map.End}";
            throw new ApiProblemException(ApiProblem.RangeNotSatisfiable($"Range is '{header}', the stream has {map.End} bytes"));
        }

        if (mode == GapMode.Skip && map.Gaps.Count > 0)
            throw new ApiProblemException(ApiProblem.RangeNotSatisfiable("the stream has gaps, so that left-out bytes would shift the rest; ask with gaps=zero"));
        context.Response.StatusCode = StatusCodes.Status206PartialContent;
        context.Response.Headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes {asked.From}-{asked.To - 1}/{map.End}");
        return asked;
    }

    /// <summary>What will be sent, or null where bytes are stored twice and the number isn't certain before they are read.</summary>
    private static ulong? Length(StreamMap map, GapMode mode, ByteRange? range)
    {
        if (map.Overlaps > 0) return null;
        if (range is { } part) return part.To - part.From;
        return mode == GapMode.Zero ? map.End : map.Bytes;
    }

    private static ulong GapBytes(StreamMap map)
    {
        ulong sum = 0;
        foreach (var gap in map.Gaps) sum += gap.Length ?? 0;
        return sum;
    }
}
