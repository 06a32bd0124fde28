using Recorder.Collector.Store;
using Recorder.Collector.Web;
using Recorder.Storage;

namespace Recorder.Collector.Sessions;

/// <summary>The listings: sessions, and what belongs to one.</summary>
internal static class SessionEndpoints
{
    private const int DefaultLimit = 100;
    private const int LimitAtMost = 1000;

    public static void MapSessions(this IEndpointRouteBuilder api)
    {
        api.MapGet("/sessions", ListAsync);
        api.MapGet("/sessions/{id}", GetAsync);
        api.MapGet("/sessions/{id}/processes", ProcessesAsync);
        api.MapGet("/sessions/{id}/connections", ConnectionsAsync);
        api.MapGet("/origins", OriginsAsync);
    }

    private static async Task<IResult> ListAsync(HttpContext context, StoreHandle store, TimeProvider time)
    {
        var query = new QueryParameters(context.Request, [.. SessionFilterQuery.Names, "limit", "cursor"]);
        var filter = SessionFilterQuery.Read(query, time.GetUtcNow());
        int limit = query.Integer("limit", 1, LimitAtMost, DefaultLimit);
        string? cursor = query.Text("cursor");
        try
        {
            var page = await store.Current.Sessions.ListAsync(filter, cursor, limit, context.RequestAborted);
            return Results.Json(new SessionList(page.Items.Select(SessionView.Of).ToArray(), page.Next), ApiJson.Default.SessionList);
        }
        catch (StoreException e) when (e.Error == StoreError.InvalidArgument && cursor is not null)
        {
            throw QueryParameters.Refused("cursor", cursor, "what 'next' of the page before said");
        }
    }

    private static async Task<IResult> GetAsync(HttpContext context, string id, StoreHandle store) =>
        Results.Json(SessionView.Of(await RequireAsync(context, id, store)), ApiJson.Default.SessionView);

    private static async Task<IResult> ProcessesAsync(HttpContext context, string id, StoreHandle store)
    {
        var session = await RequireAsync(context, id, store);
        var processes = await store.Current.Sessions.ProcessesAsync(session.Id, context.RequestAborted);
        return Results.Json(new ProcessList(processes.Select(ProcessView.Of).ToArray()), ApiJson.Default.ProcessList);
    }

    private static async Task<IResult> ConnectionsAsync(HttpContext context, string id, StoreHandle store)
    {
        var session = await RequireAsync(context, id, store);
        var connections = await store.Current.Sessions.ConnectionsAsync(session.Id, context.RequestAborted);
        return Results.Json(new ConnectionList(connections.Select(ConnectionView.Of).ToArray()), ApiJson.Default.ConnectionList);
    }

    private static async Task<IResult> OriginsAsync(HttpContext context, StoreHandle store)
    {
        _ = new QueryParameters(context.Request);
        var origins = await store.Current.Sessions.OriginsAsync(context.RequestAborted);
        return Results.Json(new OriginList(origins.Select(OriginView.Of).ToArray()), ApiJson.Default.OriginList);
    }

    private static Task<SessionRecord> RequireAsync(HttpContext context, string id, StoreHandle store)
    {
        _ = new QueryParameters(context.Request);
        return RequireSessionAsync(store, id, context.RequestAborted);
    }

    /// <exception cref="ApiProblemException">The id isn't one (400), or nothing is stored under it (404).</exception>
    public static async Task<SessionRecord> RequireSessionAsync(StoreHandle store, string id, CancellationToken cancellation)
    {
        if (!Guid.TryParseExact(id, "D", out var session)) throw QueryParameters.Refused("id", id, "a UUID");
        return await store.Current.Sessions.GetAsync(session, cancellation) ?? throw new ApiProblemException(ApiProblem.NotFound($"no session {session} is stored"));
    }
}
