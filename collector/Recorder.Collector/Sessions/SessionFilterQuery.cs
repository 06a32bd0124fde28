using Recorder.Collector.Web;
using Recorder.Storage;

namespace Recorder.Collector.Sessions;

/// <summary>The filters that the sessions list and the search share.</summary>
internal static class SessionFilterQuery
{
    public static readonly string[] Names = ["namespace", "pod", "container", "node", "user", "command", "kind", "verdict", "state", "since", "until"];

    /// <exception cref="ApiProblemException">A filter's value isn't allowed.</exception>
    public static SessionFilter Read(QueryParameters query, DateTimeOffset now)
    {
        var since = query.Instant("since", now);
        var until = query.Instant("until", now);
        if (since > until) throw QueryParameters.Refused("until", query.Text("until")!, "a time after 'since'");
        return new SessionFilter
        {
            Namespace = query.Text("namespace"),
            Pod = query.Text("pod"),
            Container = query.Text("container"),
            Node = query.Text("node"),
            User = query.Text("user"),
            Command = query.Text("command"),
            Kind = query.OneOf("kind", "exec", "attach", "nsenter", "terminal", "probe", "workload"),
            Verdict = ApiNames.Verdict(query.OneOf("verdict", "OPEN", "COMPLETE", "GAPPED", "UNPROVEN")),
            Ended = query.OneOf("state", "open", "ended") is { } state ? state == "ended" : null,
            Since = since is { } from ? UnixTime.From(from) : null,
            Until = until is { } to ? UnixTime.From(to) : null,
        };
    }
}
