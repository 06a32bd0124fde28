using System.Text.Json;
using Recorder.Wire;

namespace Recorder.Collector.Sessions;

/// <summary>Fields whose value may be unknown: written as null.</summary>
internal static class JsonFields
{
    public static void WriteOptional(this Utf8JsonWriter json, ReadOnlySpan<byte> name, int? value)
    {
        if (value is { } known) json.WriteNumber(name, known);
        else json.WriteNull(name);
    }

    public static void WriteOptional(this Utf8JsonWriter json, ReadOnlySpan<byte> name, ulong? value)
    {
        if (value is { } known) json.WriteNumber(name, known);
        else json.WriteNull(name);
    }

    public static void WriteOptional(this Utf8JsonWriter json, ReadOnlySpan<byte> name, string? value)
    {
        if (value is not null) json.WriteString(name, value);
        else json.WriteNull(name);
    }

    public static void WriteOptional(this Utf8JsonWriter json, ReadOnlySpan<byte> name, Text? value) => json.WriteOptional(name, value?.ToString());

    public static void WriteTexts(this Utf8JsonWriter json, ReadOnlySpan<byte> name, IReadOnlyList<Text>? texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts ?? []) json.WriteStringValue(text.ToString());
        json.WriteEndArray();
    }
}
