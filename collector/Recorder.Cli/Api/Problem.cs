using System.Net;
using System.Text.Json;
using Recorder.Cli.Output;

namespace Recorder.Cli.Api;

/// <summary>The collector can't be reached now; may pass.</summary>
internal sealed class UnreachableException(string message, bool isConnected) : CommandFailedException(message)
{
    /// <summary>Something took the connection and then broke it.</summary>
    public bool IsConnected { get; } = isConnected;
}

/// <summary>The API's answer to a request that it can't fulfil: RFC 9457 problem details.</summary>
internal sealed class ProblemException(HttpStatusCode status, string message, int exitCode) : CommandFailedException(message, exitCode)
{
    public HttpStatusCode Status { get; } = status;

    /// <summary>The server's trouble, not the request's: may pass.</summary>
    public bool IsPassing => Status >= HttpStatusCode.InternalServerError;
}

/// <summary>Reads problem details.</summary>
internal static class Problem
{
    private const int LongestBody = 64 * 1024;

    /// <summary>Makes one line of what the server says.</summary>
    public static async Task<ProblemException> ReadAsync(HttpResponseMessage response, Uri server, CancellationToken cancellation)
    {
        string text = await BodyAsync(response, cancellation);
        int exitCode = response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Conflict ? ExitCodes.Negative : ExitCodes.Failure;
        string message = Describe(text) ?? $"the collector at {server} answered {(int)response.StatusCode} {response.ReasonPhrase}";
        return new ProblemException(response.StatusCode, CleanText.Of(message), exitCode);
    }

    private static async Task<string> BodyAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        try
        {
            await using Stream body = await response.Content.ReadAsStreamAsync(cancellation);
            byte[] bytes = new byte[LongestBody];
            int length = await body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellation);
            return System.Text.Encoding.UTF8.GetString(bytes, 0, length);
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            return "";
        }
    }

    private static string? Describe(string text)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            JsonElement root = document.RootElement;
            string? title = Text(root, "title");
            string? detail = Text(root, "detail");
            string? parameter = Text(root, "parameter");
            string? message = detail ?? title;
            if (message is null)
                return null;
            return parameter is null || message.Contains(parameter, StringComparison.OrdinalIgnoreCase) ? message : $"{parameter}: {message}";
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? Text(JsonElement root, string name) =>
        root.ValueKind == JsonValueKind.Object && root.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
