using Recorder.Cli.Api;

namespace Recorder.Cli.Sessions;

/// <summary>The filters of the sessions list, as the user gave them.</summary>
internal sealed record SessionFilter
{
    public string? Namespace { get; init; }
    public string? Pod { get; init; }
    public string? Container { get; init; }
    public string? Node { get; init; }
    public string? User { get; init; }
    public string? Command { get; init; }
    public string? Kind { get; init; }
    public string? Since { get; init; }
    public string? Until { get; init; }
    public string? Verdict { get; init; }
    public string? State { get; init; }

    /// <summary>The path with the filters as its query.</summary>
    public string AppendTo(string path) => QueryString.Append(
        path,
        ("namespace", Namespace),
        ("pod", Pod),
        ("container", Container),
        ("node", Node),
        ("user", User),
        ("command", Command),
        ("kind", Kind),
        ("since", Since),
        ("until", Until),
        ("verdict", Verdict),
        ("state", State));
}
