namespace Recorder.Agent.Configuration;

/// <summary>The settings can't be used: every problem found, one line each.</summary>
internal sealed class ConfigurationException(IReadOnlyList<string> problems) : Exception(string.Join('\n', problems))
{
    public IReadOnlyList<string> Problems { get; } = problems;
}
