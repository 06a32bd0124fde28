using Recorder.Collector.Ingest;
using Recorder.Collector.Store;
using Recorder.Storage;

namespace Recorder.Collector.Diagnostics;

/// <summary>For probes and Prometheus.</summary>
internal static class DiagnosticEndpoints
{
    private const string Text = "text/plain; charset=utf-8";

    public static void MapDiagnostics(this IEndpointRouteBuilder app)
    {
        app.MapGet("/healthz", static () => Results.Text("ok\n", Text));
        app.MapGet("/readyz", static (StoreHandle store, StoreState state) => store.IsOpen && state.IsUp
            ? Results.Text("ok\n", Text)
            : Results.Text($"{state.Reason ?? "the store is not open"}\n", Text, statusCode: StatusCodes.Status503ServiceUnavailable));
        app.MapGet("/metrics", MetricsAsync);
    }

    private static async Task<IResult> MetricsAsync(
        HttpContext context, CollectorMetrics metrics, MemoryBudget memory, StoreState state, StoreHandle store)
    {
        var text = new PrometheusText();
        metrics.WriteTo(text);
        Gauge(text, "recorder_ingest_memory_bytes", "Bytes received and not stored yet.", memory.Held);
        Gauge(text, "recorder_store_up", "1 while the store works.", store.IsOpen && state.IsUp ? 1 : 0);
        if (await OpenSessionsAsync(store, context.RequestAborted) is { } open)
            Gauge(text, "recorder_sessions_open", "Sessions that run, by the nodes' last heartbeats.", open);
        return Results.Text(text.ToString(), PrometheusText.MediaType);
    }

    private static void Gauge(PrometheusText text, string name, string help, double value) => text.Family(name, "gauge", help).Sample(name, value);

    /// <summary>Null while the store doesn't answer: the other metrics are wanted most then.</summary>
    private static async Task<double?> OpenSessionsAsync(StoreHandle store, CancellationToken cancellation)
    {
        try
        {
            double sum = 0;
            foreach (var origin in await store.Current.Sessions.OriginsAsync(cancellation)) sum += origin.Sessions ?? 0;
            return sum;
        }
        catch (StoreException)
        {
            return null;
        }
    }
}
