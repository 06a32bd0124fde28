namespace Recorder.Collector.Web;

internal static class MediaTypes
{
    public const string Json = "application/json";
    public const string JsonLines = "application/x-ndjson";
    public const string Frames = "application/vnd.recorder.frames";
    public const string Bytes = "application/octet-stream";

    /// <summary>The first of the offered that Accept allows; the first of all when nothing is said. Null: none.</summary>
    public static string? Negotiate(HttpRequest request, params ReadOnlySpan<string> offered)
    {
        string accept = request.Headers.Accept.ToString();
        if (accept.Length == 0) return offered[0];
        foreach (string part in accept.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            string range = part.Split(';', 2)[0].Trim();
            foreach (string type in offered)
            {
                if (range == "*/*" || range.Equals(type, StringComparison.OrdinalIgnoreCase) || (range.EndsWith("/*", StringComparison.Ordinal) && type.StartsWith(range[..^1], StringComparison.OrdinalIgnoreCase)))
                    return type;
            }
        }

        return null;
    }
}
