namespace Recorder.Agent.Configuration;

/// <summary>What the sources said, a later one over an earlier one, and every problem met on the way.</summary>
internal sealed class SettingValues
{
    private readonly Dictionary<Setting, (object Value, string Text, string Origin)> _values = [];
    private readonly List<string> _problems = [];

    public IReadOnlyList<string> Problems => _problems;

    /// <summary>Takes a value as its source wrote it.</summary>
    /// <param name="origin">Where it stands, for messages: <c>flag --state</c>, <c>environment RECORDER_STATE</c>, <c>agent.yaml:3</c>.</param>
    public void Set(Setting setting, string text, string origin)
    {
        if (setting.TryParse(text, out object? value))
            _values[setting] = (value, text, origin);
        else
            _problems.Add($"{setting.Name}: \"{text}\" ({origin}) is not allowed; allowed: {setting.Allowed}");
    }

    public T Get<T>(Setting<T> setting) => _values.TryGetValue(setting, out var entry) ? (T)entry.Value : setting.Default;

    public bool IsSet(Setting setting) => _values.ContainsKey(setting);

    /// <summary>Where the value came from, and how it was written there, for messages.</summary>
    public string Describe(Setting setting) => _values.TryGetValue(setting, out var entry)
        ? $"\"{entry.Text}\" ({entry.Origin})"
        : $"\"{setting.DefaultText}\" (default)";

    public void Refuse(Setting setting, string allowed) => _problems.Add($"{setting.Name}: {Describe(setting)} is not allowed; allowed: {allowed}");

    public void Report(string problem) => _problems.Add(problem);
}
