using System.Collections;

namespace Recorder.Collector.Configuration;

/// <summary>Defaults, then the file, then the environment, then the flags: the later wins.</summary>
internal static class ConfigurationLayers
{
    /// <exception cref="ConfigurationError">A value isn't allowed.</exception>
    public static CollectorOptions Resolve(CommandLine command, IDictionary environment, string defaultFile = ConfigurationFile.DefaultPath)
    {
        var options = new CollectorOptions();
        string? file = command.Config ?? environment["RECORDER_CONFIG"] as string ?? (File.Exists(defaultFile) ? defaultFile : null);
        if (file is not null)
        {
            foreach (var (key, value) in ConfigurationFile.Read(file)) options = Apply(options, key, value, $"'{file}'");
        }

        // Only known names are looked at: the prefix is shared with the other programs, and Kubernetes sets service variables.
        foreach (var key in OptionKeys.All)
        {
            if (environment[key.Variable] is string value) options = Apply(options, key, value, key.Variable);
        }

        foreach (var (key, value) in command.Settings) options = Apply(options, key, value, key.Flag);
        return Check(options);
    }

    private static CollectorOptions Apply(CollectorOptions options, OptionKey key, string value, string source) =>
        key.Apply(options, value) ?? throw ConfigurationError.NotAllowed(key.Name, Shown(key, value), source, key.Allowed);

    /// <summary>A refused value is shown so that it can be found, unless it may hold a password.</summary>
    private static string Shown(OptionKey key, string value) => key.Name switch
    {
        "store-password" => "(not shown)",
        "store" when value.Contains('@', StringComparison.Ordinal) => "(not shown)" + value[value.LastIndexOf('@')..],
        _ => value,
    };

    private static CollectorOptions Check(CollectorOptions options)
    {
        if (options.IngestWindow > options.IngestMemory)
            throw ConfigurationError.NotAllowed("ingest-window-mib", $"{options.IngestWindow >> 20}", "the configuration", $"at most ingest-memory-mib ({options.IngestMemory >> 20})");
        if (options.Store is null && options.StoreCluster is not null)
            throw ConfigurationError.NotAllowed("store-cluster", options.StoreCluster, "the configuration", "none with the embedded store");
        return options;
    }
}
