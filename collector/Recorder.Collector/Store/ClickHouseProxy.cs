using System.Net;
using Microsoft.Net.Http.Headers;

namespace Recorder.Collector.Store;

/// <summary>
/// SQL over HTTP for dashboards and other clients of the embedded engine. The engine's own port aborts the process on malformed
/// requests, so only what Kestrel parsed and what is written anew here reaches it. One user, who may only read.
/// </summary>
internal sealed class ClickHouseProxy(Func<ProxyTarget?> target, ILogger<ClickHouseProxy> log) : IDisposable
{
    private const string AuthenticationFailed = "516";
    private static readonly string[] RequestHeaders = ["Accept", "Accept-Encoding", "User-Agent", "traceparent", "tracestate", "X-ClickHouse-Database", "X-ClickHouse-Format", "X-ClickHouse-Quota"];
    private static readonly string[] ContentHeaders = ["Content-Type", "Content-Encoding"];

    /// <summary>Headers that concern one connection only (RFC 9110, section 7.6.1), and the engine's own CORS answer.</summary>
    private static readonly HashSet<string> NotReturned = new(StringComparer.OrdinalIgnoreCase)
    {
        "Connection", "Keep-Alive", "Proxy-Authenticate", "Proxy-Connection", "TE", "Trailer", "Transfer-Encoding", "Upgrade", "Server", "Date", "Access-Control-Allow-Origin",
    };

    private readonly HttpMessageInvoker _client = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        UseCookies = false,
        UseProxy = false,
        ActivityHeadersPropagator = null,
        ConnectTimeout = TimeSpan.FromSeconds(5),
    });

    public async Task HandleAsync(HttpContext context)
    {
        if (target() is not { } engine)
        {
            await AnswerAsync(context, StatusCodes.Status503ServiceUnavailable, "the store is not running; try again later\n");
            return;
        }

        bool ping = context.Request.Path == "/ping";
        if (!ping && context.Request.Path != "/" && context.Request.Path.HasValue)
            await AnswerAsync(context, StatusCodes.Status404NotFound, "only / and /ping are here\n");
        else if (context.Request.Method is not ("GET" or "HEAD" or "POST"))
            await AnswerAsync(context, StatusCodes.Status405MethodNotAllowed, "only GET, HEAD and POST are allowed\n");
        else if (!ping && ProxyCredentials.Of(context.Request)?.Match(engine.Client) != true)
            await RefuseAsync(context);
        else
            await ForwardAsync(context, engine);
    }

    public void Dispose() => _client.Dispose();

    private async Task ForwardAsync(HttpContext context, ProxyTarget engine)
    {
        var cancellation = context.RequestAborted;
        try
        {
            using var request = Build(context, engine);
            using var response = await _client.SendAsync(request, cancellation);
            context.Response.StatusCode = (int)response.StatusCode;
            foreach (var (name, values) in response.Headers.Concat(response.Content.Headers))
            {
                if (!NotReturned.Contains(name)) context.Response.Headers[name] = values.ToArray();
            }

            if (response.Headers.TransferEncodingChunked == true) context.Response.Headers.ContentLength = null;
            await response.Content.CopyToAsync(context.Response.Body, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The client left.
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            Log.ProxyFailed(log, e.Message);
            if (context.Response.HasStarted) context.Abort();
            else await AnswerAsync(context, StatusCodes.Status502BadGateway, "the store did not answer\n");
        }
    }

    private static HttpRequestMessage Build(HttpContext context, ProxyTarget engine)
    {
        var incoming = context.Request;
        var request = new HttpRequestMessage(new HttpMethod(incoming.Method), new Uri(engine.Address, incoming.Path + ProxyCredentials.StripQuery(incoming)));
        bool hasBody = incoming.ContentLength > 0 || incoming.Headers.ContainsKey(HeaderNames.TransferEncoding);
        if (hasBody) request.Content = new StreamContent(incoming.Body) { Headers = { ContentLength = incoming.ContentLength } };
        Copy(incoming.Headers, RequestHeaders, request.Headers);
        if (request.Content is { } content) Copy(incoming.Headers, ContentHeaders, content.Headers);
        request.Headers.TryAddWithoutValidation(ProxyCredentials.UserHeader, engine.Reader.User);
        request.Headers.TryAddWithoutValidation(ProxyCredentials.KeyHeader, engine.Reader.Password);
        return request;
    }

    private static void Copy(IHeaderDictionary from, string[] names, System.Net.Http.Headers.HttpHeaders to)
    {
        foreach (string name in names)
        {
            // Bytes that are not printable ASCII have no business in any of these; the engine needn't see them.
            if (from.TryGetValue(name, out var values) && values.ToString() is { } text && text.All(static c => c is >= ' ' and <= '~'))
                to.TryAddWithoutValidation(name, text);
        }
    }

    private static Task RefuseAsync(HttpContext context)
    {
        context.Response.Headers.WWWAuthenticate = "Basic realm=\"ClickHouse\"";
        context.Response.Headers["X-ClickHouse-Exception-Code"] = AuthenticationFailed;
        return AnswerAsync(context, StatusCodes.Status401Unauthorized, "user or password is wrong; the user is 'reader'\n");
    }

    private static Task AnswerAsync(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(text, context.RequestAborted);
    }
}

/// <summary>Where the engine listens, and who clients act as there.</summary>
internal sealed record ProxyTarget(Uri Address, ProxyCredentials Reader)
{
    /// <summary>What a client has to say: the same password, and a name that doesn't change with the engine's.</summary>
    public ProxyCredentials Client { get; } = Reader with { User = "reader" };
}
