using System.Globalization;
using System.Text.Json;
using Recorder.Cli.Api;
using Recorder.Cli.Output;

namespace Recorder.Cli.Sessions;

/// <summary><c>recorder sessions</c>: the list.</summary>
internal static class SessionsCommand
{
    /// <summary>Sessions that a table shows unless told. JSON has all.</summary>
    public const int StandardLimit = 100;

    public static async Task<int> RunAsync(CommandContext context, SessionFilter filter, int? limit, bool json, CancellationToken cancellation)
    {
        string path = filter.AppendTo("api/v1/sessions");
        if (json)
            await JsonLines.WriteArrayAsync(context.Screen.Output, context.Client.ItemsAsync(path, limit, cancellation), cancellation);
        else
            await WriteTableAsync(context, path, limit ?? StandardLimit, cancellation);
        return ExitCodes.Success;
    }

    private static async Task WriteTableAsync(CommandContext context, string path, int limit, CancellationToken cancellation)
    {
        var sessions = new List<Session>();
        bool more = false;
        await foreach (JsonElement item in context.Client.ItemsAsync(path, limit == int.MaxValue ? limit : limit + 1, cancellation))
        {
            if (sessions.Count == limit)
                more = true;
            else
                sessions.Add(Session.From(item));
        }

        if (sessions.Count == 0)
            context.Screen.Note("no sessions");
        else
            SessionTable.Write(context.Screen, sessions, context.Time.GetUtcNow());
        if (more)
            context.Screen.Note(string.Create(CultureInfo.InvariantCulture, $"these are the newest {limit}; --limit shows more"));
    }
}

/// <summary><c>recorder show</c>: one session with its processes and connections.</summary>
internal static class ShowCommand
{
    public static async Task<int> RunAsync(CommandContext context, string reference, bool json, CancellationToken cancellation)
    {
        JsonElement session = await SessionReference.FindAsync(context.Client, reference, cancellation);
        string id = session.GetProperty("id").GetString()!;
        List<JsonElement> processes = await context.Client.ListAsync($"api/v1/sessions/{id}/processes", cancellation);
        List<JsonElement> connections = await context.Client.ListAsync($"api/v1/sessions/{id}/connections", cancellation);
        if (json)
            WriteJson(context.Screen.Output, session, processes, connections);
        else
            WriteReport(context, session, processes, connections);
        return ExitCodes.Success;
    }

    private static void WriteReport(CommandContext context, JsonElement session, List<JsonElement> processes, List<JsonElement> connections) => SessionReport.Write(
        context.Screen,
        Session.From(session),
        [.. processes.Select(item => item.Deserialize(ApiJson.Default.SessionProcess)!)],
        [.. connections.Select(item => item.Deserialize(ApiJson.Default.SessionConnection)!)],
        context.Time.GetUtcNow());

    /// <summary>The session's own fields, and <c>processes</c> and <c>connections</c> beside them.</summary>
    private static void WriteJson(Stream output, JsonElement session, List<JsonElement> processes, List<JsonElement> connections) => JsonLines.WriteIndented(output, writer =>
    {
        writer.WriteStartObject();
        foreach (JsonProperty property in session.EnumerateObject())
            property.WriteTo(writer);
        WriteItems(writer, "processes", processes);
        WriteItems(writer, "connections", connections);
        writer.WriteEndObject();
    });

    private static void WriteItems(Utf8JsonWriter writer, string name, List<JsonElement> items)
    {
        writer.WriteStartArray(name);
        foreach (JsonElement item in items)
            item.WriteTo(writer);
        writer.WriteEndArray();
    }
}
