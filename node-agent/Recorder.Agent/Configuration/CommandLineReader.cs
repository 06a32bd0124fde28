namespace Recorder.Agent.Configuration;

/// <summary>Splits the arguments into an action, the configuration file and settings.</summary>
internal sealed class CommandLineReader
{
    private const string ConfigFlag = "--config";

    private static readonly Dictionary<string, AgentAction> Actions = new(StringComparer.Ordinal)
    {
        ["--check"] = AgentAction.Check,
        ["--uninstall"] = AgentAction.Uninstall,
        ["--help"] = AgentAction.Help,
        ["-h"] = AgentAction.Help,
        ["--version"] = AgentAction.Version,
    };

    private readonly List<(Setting Setting, string Text)> _settings = [];
    private readonly List<string> _problems = [];

    public AgentAction Action { get; private set; }

    /// <summary>What <c>--config</c> names; null when it isn't given.</summary>
    public string? ConfigurationFile { get; private set; }

    public IReadOnlyList<string> Problems => _problems;

    public static CommandLineReader Read(IReadOnlyList<string> arguments)
    {
        CommandLineReader reader = new();
        for (int i = 0; i < arguments.Count; i++)
            reader.ReadArgument(arguments, ref i);
        return reader;
    }

    public void CopyTo(SettingValues values)
    {
        foreach ((Setting setting, string text) in _settings)
            values.Set(setting, text, "flag " + setting.Flag);
    }

    private void ReadArgument(IReadOnlyList<string> arguments, ref int index)
    {
        string argument = arguments[index];
        if (Actions.TryGetValue(argument, out AgentAction action))
        {
            // Help and version win over what they are asked about.
            Action = Action is AgentAction.Help ? Action : action;
            return;
        }

        int equals = argument.IndexOf('=', StringComparison.Ordinal);
        string flag = equals < 0 ? argument : argument[..equals];
        string? text = equals < 0 ? null : argument[(equals + 1)..];
        Setting? setting = flag.StartsWith("--", StringComparison.Ordinal) ? AgentSettings.Find(flag[2..]) : null;
        if (setting is null && flag != ConfigFlag)
        {
            ReportUnknown(flag);
            // What follows an unknown flag was most likely its value: one mistake, one message.
            if (equals < 0 && index + 1 < arguments.Count && !arguments[index + 1].StartsWith('-'))
                index++;
            return;
        }

        text ??= TakeValue(setting, arguments, ref index);
        if (text is null)
            _problems.Add($"{flag}: a value is missing; allowed: {setting?.Allowed ?? "the path of a file"}");
        else if (setting is null)
            ConfigurationFile = text;
        else
            _settings.Add((setting, text));
    }

    // A switch stands alone or before a literal true or false; "--record-probes" followed by another flag is true.
    private static string? TakeValue(Setting? setting, IReadOnlyList<string> arguments, ref int index)
    {
        string? next = index + 1 < arguments.Count ? arguments[index + 1] : null;
        if (setting is { IsSwitch: true } && !bool.TryParse(next, out _))
            return "true";
        if (next is null || next.StartsWith("--", StringComparison.Ordinal))
            return null;
        index++;
        return next;
    }

    private void ReportUnknown(string flag)
    {
        if (!flag.StartsWith('-'))
        {
            _problems.Add($"\"{flag}\": unexpected argument; every setting is a flag, see --help");
            return;
        }

        IEnumerable<string> known = AgentSettings.All.Select(setting => setting.Flag).Concat(Actions.Keys).Append(ConfigFlag);
        _problems.Add($"{flag}: unknown flag; {Advice(KeySuggestion.For(flag, known))}");
    }

    internal static string Advice(string? suggestion) => suggestion is null ? "see --help" : $"did you mean {suggestion}?";
}
