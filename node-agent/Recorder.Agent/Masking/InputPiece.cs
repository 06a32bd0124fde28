namespace Recorder.Agent.Masking;

/// <summary>What is known of a piece of input.</summary>
internal enum InputPieceKind : byte
{
    /// <summary>To be written: cooked input with echo on, text that was echoed.</summary>
    Kept,

    /// <summary>A control character or sequence of raw input: to be written.</summary>
    Control,

    /// <summary>One that ends a line or what was typed of it: to be written, and what comes behind it is judged anew.</summary>
    LineEnd,

    /// <summary>Raw text that may still be echoed.</summary>
    Undecided,

    /// <summary>Raw text that was echoed, but so little of it that it waits for more.</summary>
    Echoed,

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
