namespace Recorder.Collector.Web;

/// <summary>Says what this is; no script and no style.</summary>
internal static class IndexPage
{
    private const string Text = """
        recorder-collector: recorded sessions of containers and terminals

        /api/v1/sessions                             sessions, newest first
        /api/v1/sessions/{id}                        one session
        /api/v1/sessions/{id}/processes              its processes
        /api/v1/sessions/{id}/connections            its outbound connections
        /api/v1/sessions/{id}/frames                 everything recorded, in order; follow=true stays
        /api/v1/sessions/{id}/streams/in|out|err     the bytes of a stream
        /api/v1/search?pattern=                      search in recorded output
        /api/v1/origins                              nodes
        /healthz /readyz /metrics

        """;

    public static void MapIndex(this IEndpointRouteBuilder app) => app.MapGet("/", static () => Results.Text(Text, "text/plain; charset=utf-8"));
}
