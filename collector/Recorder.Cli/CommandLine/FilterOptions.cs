using System.CommandLine;
using Recorder.Cli.Sessions;

namespace Recorder.Cli.CommandLine;

/// <summary>The options that choose sessions, the same for every command that lists or searches.</summary>
internal sealed class FilterOptions
{
    private readonly Option<string?> _namespace = Text("--namespace", "Kubernetes namespace", "-n");
    private readonly Option<string?> _pod = Text("--pod", "Name of the pod");
    private readonly Option<string?> _container = Text("--container", "Name of the container");
    private readonly Option<string?> _node = Text("--node", "Name of the node");
    private readonly Option<string?> _user = Text("--user", "User in the container or on the host, by name or number");
    private readonly Option<string?> _command = Text("--command", "Part of the command line");
    private readonly Option<string?> _kind = Text("--kind", "Kind of session; probes are listed only when asked for");
    private readonly Option<string?> _since = Text("--since", "Started then or later: RFC 3339, or 15m, 2h, 7d before now");
    private readonly Option<string?> _until = Text("--until", "Started before: RFC 3339, or 15m, 2h, 7d before now");
    private readonly Option<string?> _verdict = Text("--verdict", "What is known of its completeness");
    private readonly Option<string?> _state = Text("--state", "Whether it goes on");

    public FilterOptions()
    {
        Among(_kind, "exec", "attach", "nsenter", "terminal", "probe", "workload");
        Among(_verdict, "OPEN", "COMPLETE", "GAPPED", "UNPROVEN");
        Among(_state, "open", "ended");
    }

    public void AddTo(Command command)
    {
        foreach (Option<string?> option in new[] { _namespace, _pod, _container, _node, _user, _command, _kind, _since, _until, _verdict, _state })
            command.Options.Add(option);
    }

    public SessionFilter Read(ParseResult result) => new()
    {
        Namespace = result.GetValue(_namespace),
        Pod = result.GetValue(_pod),
        Container = result.GetValue(_container),
        Node = result.GetValue(_node),
        User = result.GetValue(_user),
        Command = result.GetValue(_command),
        Kind = result.GetValue(_kind),
        Since = result.GetValue(_since),
        Until = result.GetValue(_until),
        Verdict = result.GetValue(_verdict),
        State = result.GetValue(_state),
    };

    private static Option<string?> Text(string name, string description, params string[] aliases) => new(name, aliases) { Description = description };

    private static void Among(Option<string?> option, params string[] allowed)
    {
        option.Description += $": {string.Join(", ", allowed)}";
        option.HelpName = option.Name.TrimStart('-');
        option.CustomParser = result =>
        {
            string given = result.Tokens[0].Value;
            string? known = Array.Find(allowed, value => value.Equals(given, StringComparison.OrdinalIgnoreCase));
            if (known is null)
                result.AddError($"{option.Name} {given}: allowed are {string.Join(", ", allowed)}");
            return known;
        };
    }
}
