namespace Recorder.Collector.Configuration;

/// <summary>A setting that can't be used. The message names the key, the value, where it stands and what is allowed.</summary>
internal sealed class ConfigurationError : Exception
{
    public ConfigurationError(string message)
        : base(message)
    {
    }

    public static ConfigurationError NotAllowed(string key, string value, string source, string allowed) =>
        new($"{key}: {source} says '{value}', allowed is {allowed}");
}
