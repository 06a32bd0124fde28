namespace Recorder.Agent.Masking;

/// <summary>What is known of a piece of input.</summary>
internal enum InputPieceKind : byte
{
    /// <summary>To be written: cooked input with echo on, control characters, text that was echoed.</summary>
    Kept,

    /// <summary>Raw text that may still be echoed.</summary>
    Undecided,

    /// <summary>A key that takes back what was typed: shares the fate of the piece before it, since it tells how long that was.</summary>
    Erase,

    /// <summary>Not to be written.</summary>
    Masked,
}

/// <summary>Input that goes one way or the other as a whole.</summary>
internal struct InputPiece
{
    public InputPieceKind Kind;

    /// <summary>DATA flags as the kernel gave them.</summary>
    public byte Flags;

    /// <summary>Bytes that the held buffer has of it: 0 for input that the kernel masked.</summary>
    public int Held;

    /// <summary>Kernel offset of its first byte.</summary>
    public ulong Offset;

    /// <summary>Stream bytes.</summary>
    public ulong Length;

    /// <summary>CLOCK_BOOTTIME nanoseconds.</summary>
    public ulong Time;
}
