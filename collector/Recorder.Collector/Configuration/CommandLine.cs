namespace Recorder.Collector.Configuration;

internal enum CommandVerb
{
    Run,
    Migrate,
    Help,
    Version,
}

/// <summary>The command line taken apart; values are not looked at yet.</summary>
/// <param name="Verb">What to do.</param>
/// <param name="Config">Path after <c>--config</c>, or null.</param>
/// <param name="Settings">Key and value of each flag, in order.</param>
internal sealed record CommandLine(CommandVerb Verb, string? Config, IReadOnlyList<KeyValuePair<OptionKey, string>> Settings)
{
    /// <exception cref="ConfigurationError">A flag is unknown or has no value.</exception>
    public static CommandLine Parse(ReadOnlySpan<string> args)
    {
        var verb = CommandVerb.Run;
        string? config = null;
        var settings = new List<KeyValuePair<OptionKey, string>>();
        if (args is ["migrate", ..])
        {
            verb = CommandVerb.Migrate;
            args = args[1..];
        }

        while (!args.IsEmpty)
        {
            string arg = args[0];
            args = args[1..];
            if (arg is "--help" or "-h") return new CommandLine(CommandVerb.Help, null, []);
            if (arg is "--version") return new CommandLine(CommandVerb.Version, null, []);

            int equals = arg.IndexOf('=', StringComparison.Ordinal);
            string flag = equals < 0 ? arg : arg[..equals];
            if (equals < 0 && args.IsEmpty && IsKnown(flag)) throw new ConfigurationError($"{flag}: a value must follow");
            if (!IsKnown(flag)) throw new ConfigurationError($"{flag}: unknown argument; --help lists what is known");
            string value = equals < 0 ? args[0] : arg[(equals + 1)..];
            if (equals < 0) args = args[1..];

            if (flag == "--config") config = value;
            else settings.Add(new(OptionKeys.Find(flag[2..])!, value));
        }

        return new CommandLine(verb, config, settings);
    }

    private static bool IsKnown(string flag) =>
        flag == "--config" || (flag.StartsWith("--", StringComparison.Ordinal) && OptionKeys.Find(flag[2..]) is not null);
}
