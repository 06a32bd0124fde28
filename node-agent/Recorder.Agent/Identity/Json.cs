using System.Text.Json;

namespace Recorder.Agent.Identity;

/// <summary>Reading JSON that others wrote: a member that is absent or of another type is null, never an error.</summary>
internal static class Json
{
    public static JsonElement? Member(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value : null;

    public static JsonElement? Member(this JsonElement? element, string name) => element?.Member(name);

    /// <summary>A string that isn't empty, or null.</summary>
    public static string? Text(this JsonElement? element, string name) =>
        element.Member(name) is { ValueKind: JsonValueKind.String } value && value.GetString() is { Length: > 0 } text ? text : null;

    public static int? Integer(this JsonElement? element, string name) =>
        element.Member(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt32(out var number) ? number : null;

    /// <summary>The elements of an array; none when it isn't one.</summary>
    public static IEnumerable<JsonElement> Items(this JsonElement? element, string name) =>
        element.Member(name) is { ValueKind: JsonValueKind.Array } value ? value.EnumerateArray() : [];

    /// <summary>The strings of an array, or null when it isn't an array of strings.</summary>
    public static string[]? Texts(this JsonElement? element, string name)
    {
        if (element.Member(name) is not { ValueKind: JsonValueKind.Array } value)
            return null;
        var texts = new string[value.GetArrayLength()];
        var at = 0;
        foreach (var item in value.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.String)
                return null;
            texts[at++] = item.GetString()!;
        }

        return texts;
    }
}
