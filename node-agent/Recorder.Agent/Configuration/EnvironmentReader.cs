using System.Collections;

namespace Recorder.Agent.Configuration;

/// <summary>
/// Reads <c>RECORDER_…</c> variables. Those that are nothing of ours are left alone, because Kubernetes itself sets
/// <c>RECORDER_…_SERVICE_HOST</c> and the like beside a Service of that name; one that looks like a misspelt key is refused.
/// </summary>
internal static class EnvironmentReader
{
    /// <summary>Names the file of settings, like <c>--config</c>.</summary>
    public const string ConfigurationFile = Setting.EnvironmentPrefix + "CONFIG";

    public static void CopyTo(SettingValues values, IDictionary environment)
    {
        foreach (string name in environment.Keys.Cast<string>().Where(IsOurs).Order(StringComparer.Ordinal))
        {
            string text = environment[name] as string ?? "";
            Setting? setting = AgentSettings.All.FirstOrDefault(candidate => candidate.Environment == name);
            if (setting is not null)
                values.Set(setting, text, "environment " + name);
            else if (Misspelt(name) is string suggestion)
                values.Report($"{name}: unknown environment variable; did you mean {suggestion}?");
        }
    }

    private static bool IsOurs(string name) => name.StartsWith(Setting.EnvironmentPrefix, StringComparison.Ordinal) && name != ConfigurationFile;

    private static string? Misspelt(string name)
    {
        string key = name[Setting.EnvironmentPrefix.Length..];
        string? suggestion = KeySuggestion.For(key, AgentSettings.All.Select(setting => setting.Environment[Setting.EnvironmentPrefix.Length..]));
        return suggestion is null ? null : Setting.EnvironmentPrefix + suggestion;
    }
}
