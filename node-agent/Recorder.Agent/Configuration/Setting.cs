using System.Diagnostics.CodeAnalysis;

namespace Recorder.Agent.Configuration;

/// <summary>
/// One configuration key: its name in the file and, behind <c>--</c>, on the command line; what it allows; its default; its line of help.
/// The flags, the file, the environment, the help and the error messages are all made from these.
/// </summary>
internal abstract class Setting(string name, string placeholder, string help)
{
    public const string EnvironmentPrefix = "RECORDER_";

    public string Name { get; } = name;

    public string Flag { get; } = "--" + name;

    public string Environment { get; } = EnvironmentPrefix + name.ToUpperInvariant().Replace('-', '_');

    /// <summary>Stands for the value in the help; empty for a switch.</summary>
    public string Placeholder { get; } = placeholder;

    public string Help { get; } = help;

    /// <summary>What a value may be, as a noun phrase for an error message.</summary>
    public abstract string Allowed { get; }

    /// <summary>The default as the help shows it; null when there is none.</summary>
    public abstract string? DefaultText { get; }

    /// <summary>True when the flag may stand alone, meaning <c>true</c>.</summary>
    public bool IsSwitch => Placeholder.Length == 0;

    public abstract bool TryParse(string text, [NotNullWhen(true)] out object? value);
}

/// <summary>Reads a value; false when the text is not allowed.</summary>
internal delegate bool SettingParser<T>(string text, [MaybeNullWhen(false)] out T value);

internal sealed class Setting<T>(
    string name,
    string placeholder,
    string help,
    T defaultValue,
    string? defaultText,
    string allowed,
    SettingParser<T> parser) : Setting(name, placeholder, help)
{
    public T Default { get; } = defaultValue;

    public override string Allowed { get; } = allowed;

    public override string? DefaultText { get; } = defaultText;

    public override bool TryParse(string text, [NotNullWhen(true)] out object? value)
    {
        bool parsed = parser(text, out T? typed);
        value = parsed ? typed : null;
        return value is not null;
    }
}
