namespace Recorder.Agent.Masking;

/// <summary>How input from a terminal falls into control sequences and text.</summary>
internal static class InputText
{
    /// <summary>Longest piece of text that is looked for as one.</summary>
    public const int LongestPiece = 32;

    private const byte Escape = 0x1b;
    private const int LongestSequence = 32;

    /// <summary>The next piece at the start of the input; never empty for input that isn't.</summary>
    public static int NextPiece(ReadOnlySpan<byte> input, out InputPieceKind kind)
    {
        if (IsText(input[0]))
        {
            kind = InputPieceKind.Undecided;
            return TextLength(input);
        }

        if (IsErase(input[0]))
        {
            kind = InputPieceKind.Erase;
            return 1;
        }

        kind = IsLineEnd(input[0]) ? InputPieceKind.LineEnd : InputPieceKind.Control;
        return input[0] == Escape ? SequenceLength(input) : 1;
    }

    /// <summary>Characters, as UTF-8 counts them.</summary>
    public static int Characters(ReadOnlySpan<byte> text)
    {
        var count = 0;
        foreach (var value in text)
        {
            if ((value & 0xC0) != 0x80)
                count++;
        }

        return count;
    }

    private static bool IsText(byte value) => value is >= 0x20 and not 0x7f;

    /// <summary>Backspace, delete, erase line (^U), erase word (^W).</summary>
    private static bool IsErase(byte value) => value is 0x08 or 0x7f or 0x15 or 0x17;

    /// <summary>Return, line feed, ^C, ^D, ^Z.</summary>
    private static bool IsLineEnd(byte value) => value is (byte)'\r' or (byte)'\n' or 0x03 or 0x04 or 0x1a;

    private static int TextLength(ReadOnlySpan<byte> input)
    {
        var length = 1;
        while (length < input.Length && length < LongestPiece && IsText(input[length]))
            length++;
        // A character isn't divided where that can be helped.
        var end = length;
        while (length == LongestPiece && end < input.Length && end > LongestPiece - 4 && (input[end] & 0xC0) == 0x80)
            end--;
        return end;
    }

    /// <summary>
    /// Keys that send a sequence (CSI with parameters, or SS3 and one character) are one control. Anything else behind an escape is text,
    /// to be echoed or masked: an Alt key may be lost, a secret may not.
    /// </summary>
    private static int SequenceLength(ReadOnlySpan<byte> input)
    {
        if (input.Length >= 3 && input[1] == 'O' && input[2] is >= 0x40 and <= 0x7e)
            return 3;
        if (input.Length < 3 || input[1] != '[')
            return 1;
        var end = 2;
        while (end < input.Length && end < LongestSequence && input[end] is >= 0x20 and <= 0x3f)
            end++;
        return end < input.Length && end < LongestSequence && input[end] is >= 0x40 and <= 0x7e ? end + 1 : 1;
    }
}
