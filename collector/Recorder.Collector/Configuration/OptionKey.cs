namespace Recorder.Collector.Configuration;

/// <summary>One setting: <c>--name</c>, <c>RECORDER_NAME</c>, and <c>name</c> in the file.</summary>
/// <param name="Name">Lower case, words joined by '-'.</param>
/// <param name="Placeholder">What the help prints for the value.</param>
/// <param name="Allowed">What the value may be, for errors and the help.</param>
/// <param name="Description">One line for the help.</param>
/// <param name="Apply">Returns the options with the value, or null when it isn't allowed.</param>
internal sealed record OptionKey(
    string Name,
    string Placeholder,
    string Allowed,
    string Description,
    Func<CollectorOptions, string, CollectorOptions?> Apply)
{
    public string Flag => "--" + Name;

    public string Variable => "RECORDER_" + Name.ToUpperInvariant().Replace('-', '_');
}
