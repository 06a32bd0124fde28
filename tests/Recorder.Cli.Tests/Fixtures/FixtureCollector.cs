using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Recorder.Cli.Tests.Fixtures;

/// <summary>Answers as docs/api.md says, from recordings in memory, and breaks where a test wants it to.</summary>
public sealed class FixtureCollector : IAsyncDisposable
{
    private const int FirstPort = 21400;
    private const int LastPort = 21499;

    private readonly HttpListener _listener = new();
    private readonly Task _loop;

    public FixtureCollector()
    {
        for (int port = FirstPort; ; port++)
        {
            try
            {
                _listener.Prefixes.Clear();
                _listener.Prefixes.Add($"http://127.0.0.1:{port}/");
                _listener.Start();
                Url = $"http://127.0.0.1:{port}";
                break;
            }
            catch (HttpListenerException) when (port < LastPort)
            {
                // taken
            }
        }

        _loop = Task.Run(ServeAsync);
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

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _loop;
    }

    private async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            _ = Task.Run(() => AnswerAsync(context));
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        lock (Requests)
            Requests.Add(context.Request.RawUrl!);
        try
        {
            if (Always is { } answer)
                await WriteAsync(context.Response, answer.Status, "application/problem+json", answer.Body);
            else
                await RouteAsync(context.Request, context.Response, context.Request.Url!.AbsolutePath.Trim('/').Split('/'));
        }
        catch (Exception e) when (e is HttpListenerException or IOException or ObjectDisposedException)
        {
            // the client went away
        }
    }

    private async Task RouteAsync(HttpListenerRequest request, HttpListenerResponse response, string[] path)
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

    private JsonObject Page(HttpListenerRequest request)
    {
        int limit = Math.Min(int.Parse(request.QueryString["limit"] ?? "100", System.Globalization.CultureInfo.InvariantCulture), PageSize);
        int start = int.Parse(request.QueryString["cursor"] ?? "0", System.Globalization.CultureInfo.InvariantCulture);
        string? pod = request.QueryString["pod"];
        FixtureSession[] matching = [.. Sessions.Where(session => pod is null || (string?)session.Facts["pod"] == pod)];
        var items = new JsonArray([.. matching.Skip(start).Take(limit).Select(session => session.Facts.DeepClone())]);
        string? next = start + limit < matching.Length ? $"{start + limit}" : null;
        return new JsonObject { ["items"] = items, ["next"] = next };
    }

    private async Task WriteSessionAsync(HttpListenerRequest request, HttpListenerResponse response, FixtureSession session, string[] rest)
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

    private async Task WriteFramesAsync(HttpListenerRequest request, HttpListenerResponse response, FixtureSession session)
    {
        string[]? types = request.QueryString["types"]?.Split(',');
        string[]? streams = request.QueryString["streams"]?.Split(',');
        long from = long.Parse(request.QueryString["from"] ?? "-9223372036854775808", System.Globalization.CultureInfo.InvariantCulture);
        response.ContentType = "application/x-ndjson";
        response.SendChunked = true;
        int written = 0;
        foreach (JsonObject frame in session.Frames.Where(frame => Wanted(frame, types, streams, from)))
        {
            if (Break is { Times: > 0 } && written == Break.Frames)
            {
                Break = (Break.Frames, Break.Times - 1);
                await response.OutputStream.FlushAsync();
                response.Abort();
                return;
            }

            await response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(frame.ToJsonString() + "\n\n"));
            written++;
        }

        response.Close();
    }

    private static bool Wanted(JsonObject frame, string[]? types, string[]? streams, long from)
    {
        string? stream = (string?)frame["stream"];
        return (types is null || types.Contains((string)frame["type"]!)) && (streams is null || stream is null || streams.Contains(stream)) && (long)frame["time"]! >= from;
    }

    private static async Task WriteStreamAsync(HttpListenerRequest request, HttpListenerResponse response, FixtureSession session, string stream)
    {
        (byte[] bytes, int gaps, long gapBytes) = session.Read(stream, request.QueryString["gaps"] == "zero");
        if (gaps > 0 && request.QueryString["gaps"] == "fail")
        {
            await WriteAsync(response, 409, "application/problem+json", """{"title": "Conflict", "detail": "the stream has 1 gap"}""");
            return;
        }

        response.Headers["X-Recorder-Gaps"] = $"{gaps}";
        response.Headers["X-Recorder-Gap-Bytes"] = $"{gapBytes}";
        response.ContentType = "application/octet-stream";
        response.SendChunked = true;
        await response.OutputStream.WriteAsync(bytes);
        response.Close();
    }

    private static Task WriteJsonAsync(HttpListenerResponse response, JsonNode node) => WriteAsync(response, 200, "application/json", node.ToJsonString(JsonSerializerOptions.Web));

    private static async Task WriteAsync(HttpListenerResponse response, int status, string type, string text)
    {
        response.StatusCode = status;
        response.ContentType = type;
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        response.ContentLength64 = bytes.Length;
        await response.OutputStream.WriteAsync(bytes);
        response.Close();
    }
}
