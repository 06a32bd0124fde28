namespace Recorder.Wire;

/// <summary>
/// Maps whose absent keys are left out. The header needs their number first, so the same method runs twice: on a counting writer, where
/// a field only counts, then on the real one.
/// </summary>
public ref partial struct MessagePackWriter
{
    private MessagePackWriter(bool counting) => _counting = counting;

    /// <summary>The present fields so far, on a counting writer.</summary>
    internal readonly int Fields => _fields;

    /// <summary>A writer that writes nothing and counts fields.</summary>
    internal static MessagePackWriter Counting() => new(counting: true);

    /// <summary>Writes the key if the field is present; whether the caller must write the value now.</summary>
    internal bool Field(ReadOnlySpan<byte> key, bool present = true)
    {
        if (!present)
            return false;
        if (_counting)
        {
            _fields++;
            return false;
        }

        WriteUtf8(key);
        return true;
    }

    internal void Field(ReadOnlySpan<byte> key, ulong? value)
    {
        if (Field(key, value.HasValue))
            WriteUInt64(value.GetValueOrDefault());
    }

    internal void Field(ReadOnlySpan<byte> key, int? value)
    {
        if (Field(key, value.HasValue))
            WriteInt64(value.GetValueOrDefault());
    }

    internal void FlagField(ReadOnlySpan<byte> key, bool value)
    {
        if (Field(key))
            WriteBoolean(value);
    }

    internal void Field(ReadOnlySpan<byte> key, Guid? value)
    {
        if (Field(key, value.HasValue))
            WriteUuid(value.GetValueOrDefault());
    }

    internal void Field(ReadOnlySpan<byte> key, string? value)
    {
        if (Field(key, value is not null))
            WriteString(value);
    }

    internal void Field(ReadOnlySpan<byte> key, Text? value)
    {
        if (Field(key, value.HasValue))
            WriteText(value.GetValueOrDefault());
    }

    internal void Field(ReadOnlySpan<byte> key, IReadOnlyList<Text>? value)
    {
        if (!Field(key, value is not null))
            return;
        int count = Math.Min(value!.Count, WireLimits.Elements);
        WriteArrayHeader(count);
        for (int i = 0; i < count; i++)
            WriteText(value[i]);
    }
}
