using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;

namespace Recorder.Cli.Tests.Fixtures;

/// <summary>Answers as docs/api.md says, from recordings in memory, and breaks where a test wants it to.</summary>
public sealed class FixtureCollector : IAsyncDisposable
{
    private static readonly TimeSpan Arrival = TimeSpan.FromMilliseconds(100);

    private readonly WebApplication _application;

    public FixtureCollector()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _application = builder.Build();
        _application.Run(AnswerAsync);
        _application.StartAsync().GetAwaiter().GetResult();
        Url = _application.Urls.First();
    }

    public string Url { get; }

    public List<FixtureSession> Sessions { get; } = [];

    public List<string> SearchHits { get; } = [];

    public JsonArray Origins { get; set; } = [];

    /// <summary>Path and query of every request.</summary>
    public List<string> Requests { get; } = [];

    /// <summary>Largest page, whatever was asked for.</summary>
    public int PageSize { get; set; } = 1000;

    /// <summary>Ends the connection after so many frames, this many times.</summary>
    public (int Frames, int Times) Break { get; set; }

    /// <summary>Answers every request so.</summary>
    public (int Status, string Body)? Always { get; set; }

    public async ValueTask DisposeAsync() => await _application.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        lock (Requests)
            Requests.Add(context.Request.GetEncodedPathAndQuery());
        if (Always is { } answer)
            await WriteAsync(context.Response, answer.Status, "application/problem+json", answer.Body);
        else
            await RouteAsync(context.Request, context.Response, context.Request.Path.Value!.Trim('/').Split('/'));
    }

    private async Task RouteAsync(HttpRequest request, HttpResponse response, string[] path)
    {
        switch (path)
        {
            case ["api", "v1", "sessions"]:
                await WriteJsonAsync(response, Page(request));
                break;
            case ["api", "v1", "search"]:
                await WriteAsync(response, 200, "application/x-ndjson", string.Concat(SearchHits.Select(hit => hit + "\n")));
                break;
            case ["api", "v1", "origins"]:
                await WriteJsonAsync(response, new JsonObject { ["items"] = Origins.DeepClone() });
                break;
            case ["api", "v1", "sessions", var id, .. var rest] when Sessions.Find(session => session.Id == id) is { } session:
                await WriteSessionAsync(request, response, session, rest);
                break;
            default:
                await WriteAsync(response, 404, "application/problem+json", """{"title": "Not Found", "status": 404, "detail": "there is no such session"}""");
                break;
        }
    }

    private static string? Query(HttpRequest request, string name) => request.Query.TryGetValue(name, out StringValues value) ? value.ToString() : null;

    private JsonObject Page(HttpRequest request)
    {
        int limit = Math.Min(int.Parse(Query(request, "limit") ?? "100", System.Globalization.CultureInfo.InvariantCulture), PageSize);
        int start = int.Parse(Query(request, "cursor") ?? "0", System.Globalization.CultureInfo.InvariantCulture);
        string? pod = Query(request, "pod");
        FixtureSession[] matching = [.. Sessions.Where(session => pod is null || (string?)session.Facts["pod"] == pod)];
        var items = new JsonArray([.. matching.Skip(start).Take(limit).Select(session => session.Facts.DeepClone())]);
        string? next = start + limit < matching.Length ? $"{start + limit}" : null;
        return new JsonObject { ["items"] = items, ["next"] = next };
    }

    private async Task WriteSessionAsync(HttpRequest request, HttpResponse response, FixtureSession session, string[] rest)
    {
        switch (rest)
        {
            case []:
                await WriteJsonAsync(response, session.Facts);
                break;
            case ["processes"]:
                await WriteJsonAsync(response, new JsonObject { ["items"] = session.Processes.DeepClone() });
                break;
            case ["connections"]:
                await WriteJsonAsync(response, new JsonObject { ["items"] = session.Connections.DeepClone() });
                break;
            case ["frames"]:
                await WriteFramesAsync(request, response, session);
                break;
            case ["streams", var stream]:
                await WriteStreamAsync(request, response, session, stream);
                break;
        }
    }

    private async Task WriteFramesAsync(HttpRequest request, HttpResponse response, FixtureSession session)
    {
        string[]? types = Query(request, "types")?.Split(',');
        string[]? streams = Query(request, "streams")?.Split(',');
        long from = long.Parse(Query(request, "from") ?? "-9223372036854775808", System.Globalization.CultureInfo.InvariantCulture);
        response.ContentType = "application/x-ndjson";
        int written = 0;
        foreach (JsonObject frame in session.Frames.Where(frame => Wanted(frame, types, streams, from)))
        {
            if (Break is { Times: > 0 } && written == Break.Frames)
            {
                Break = (Break.Frames, Break.Times - 1);
                await response.Body.FlushAsync();
                await Task.Delay(Arrival); // a reset overtakes what was sent
                response.HttpContext.Abort();
                return;
            }

            await response.Body.WriteAsync(Encoding.UTF8.GetBytes(frame.ToJsonString() + "\n\n"));
            written++;
        }
    }

    private static bool Wanted(JsonObject frame, string[]? types, string[]? streams, long from)
    {
        string? stream = (string?)frame["stream"];
        return (types is null || types.Contains((string)frame["type"]!)) && (streams is null || stream is null || streams.Contains(stream)) && (long)frame["time"]! >= from;
    }

    private static async Task WriteStreamAsync(HttpRequest request, HttpResponse response, FixtureSession session, string stream)
    {
        (byte[] bytes, int gaps, long gapBytes) = session.Read(stream, Query(request, "gaps") == "zero");
        if (gaps > 0 && Query(request, "gaps") == "fail")
        {
            await WriteAsync(response, 409, "application/problem+json", """{"title": "Conflict", "detail": "the stream has 1 gap"}""");
            return;
        }

        response.Headers["X-Recorder-Gaps"] = $"{gaps}";
        response.Headers["X-Recorder-Gap-Bytes"] = $"{gapBytes}";
        response.ContentType = "application/octet-stream";
        await response.Body.WriteAsync(bytes);
    }

    private static Task WriteJsonAsync(HttpResponse response, JsonNode node) => WriteAsync(response, 200, "application/json", node.ToJsonString(JsonSerializerOptions.Web));

    private static async Task WriteAsync(HttpResponse response, int status, string type, string text)
    {
        response.StatusCode = status;
        response.ContentType = type;
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        response.ContentLength = bytes.Length;
        await response.Body.WriteAsync(bytes);
    }
}
