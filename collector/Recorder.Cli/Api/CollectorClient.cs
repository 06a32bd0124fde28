using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Recorder.Cli.Api;

/// <summary>The collector's HTTP API. Every failure is a <see cref="CommandFailedException"/> that says what to do.</summary>
internal sealed class CollectorClient : IDisposable
{
    /// <summary>Largest page that the API gives.</summary>
    public const int LargestPage = 1000;

    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(60);

    private readonly HttpClient _http;

    public CollectorClient(Uri server)
    {
        Server = server;
        var handler = new SocketsHttpHandler { ConnectTimeout = ConnectLimit, AllowAutoRedirect = false, UseCookies = false, UseProxy = !server.IsLoopback };
        _http = new HttpClient(handler) { BaseAddress = server, Timeout = Timeout.InfiniteTimeSpan };
        _http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("recorder", ProductVersion.Text));
    }

    public Uri Server { get; }

    public void Dispose() => _http.Dispose();

    /// <summary>Asks for a path and returns when the headers of a successful answer are there.</summary>
    /// <param name="path">With its query.</param>
    /// <param name="accept">The media type that is understood.</param>
    /// <param name="slow">The answer may take as long as it needs: searches, and what follows a session.</param>
    /// <param name="cancellation">Ctrl-C.</param>
    public async Task<HttpResponseMessage> OpenAsync(string path, string accept, bool slow, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(accept));
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        if (!slow)
            limit.CancelAfter(AnswerLimit);
        HttpResponseMessage response;
        try
        {
            response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
        }
        catch (HttpRequestException e)
        {
            throw Unreachable(e);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new CommandFailedException($"the collector at {Server} did not answer within {AnswerLimit.TotalSeconds:0} s");
        }

        if (response.StatusCode == HttpStatusCode.OK)
            return response;
        using (response)
            throw await Problem.ReadAsync(response, Server, cancellation);
    }

    /// <summary>Asks for one JSON document.</summary>
    public async Task<JsonDocument> GetAsync(string path, CancellationToken cancellation)
    {
        using HttpResponseMessage response = await OpenAsync(path, "application/json", slow: false, cancellation);
        try
        {
            await using Stream body = await response.Content.ReadAsStreamAsync(cancellation);
            return await JsonDocument.ParseAsync(body, default, cancellation);
        }
        catch (JsonException)
        {
            throw new CommandFailedException($"what answers at {Server} is no collector: {path} is not JSON");
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            throw new UnreachableException($"the collector at {Server} broke off its answer: {e.Message}", isConnected: true);
        }
    }

    /// <summary>The <c>items</c> of a path, page after page.</summary>
    /// <param name="path">With its query.</param>
    /// <param name="limit">Stops after so many; null takes all.</param>
    public async IAsyncEnumerable<JsonElement> ItemsAsync(string path, int? limit, [EnumeratorCancellation] CancellationToken cancellation)
    {
        int left = limit ?? int.MaxValue;
        string? cursor = null;
        do
        {
            string page = QueryString.Append(path, ("limit", Math.Min(left, LargestPage)), ("cursor", cursor));
            using JsonDocument document = await GetAsync(page, cancellation);
            foreach (JsonElement item in Items(document, path).EnumerateArray())
            {
                yield return item;
                if (--left == 0)
                    yield break;
            }

            cursor = document.RootElement.TryGetProperty("next", out JsonElement next) && next.ValueKind == JsonValueKind.String ? next.GetString() : null;
        }
        while (cursor is not null);
    }

    /// <summary>The <c>items</c> of a path that has no pages.</summary>
    public async Task<List<JsonElement>> ListAsync(string path, CancellationToken cancellation)
    {
        using JsonDocument document = await GetAsync(path, cancellation);
        return [.. Items(document, path).EnumerateArray().Select(item => item.Clone())];
    }

    private JsonElement Items(JsonDocument document, string path) =>
        document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("items", out JsonElement items)
            ? items
            : throw new CommandFailedException($"what answers at {Server} is no collector: {path} has no items");

    private UnreachableException Unreachable(HttpRequestException e)
    {
        string reason = e.InnerException is SocketException socket ? socket.Message : e.InnerException is null ? e.Message : $"{e.Message} {e.InnerException.Message}";
        bool isConnected = e.HttpRequestError is not (HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError);
        return new($"can't reach the collector at {Server} ({reason}); name another with --server URL or RECORDER_SERVER", isConnected);
    }
}
