namespace Recorder.Wire;

/// <summary>What stands at a position of MessagePack bytes.</summary>
public enum MessagePackKind : byte
{
    /// <summary>Nil.</summary>
    Nil,

    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>An integer of zero or more.</summary>
    Positive,

    /// <summary>An integer below zero.</summary>
    Negative,

    /// <summary>A 32-bit float.</summary>
    ShortFloat,

    /// <summary>A 64-bit float.</summary>
    LongFloat,

    /// <summary>UTF-8 text.</summary>
    Utf8,

    /// <summary>Bytes.</summary>
    Binary,

    /// <summary>An array.</summary>
    Array,

    /// <summary>A map.</summary>
    Map,

    /// <summary>An extension.</summary>
    Extension,
}
