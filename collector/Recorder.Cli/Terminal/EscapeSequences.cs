using System.Buffers;

namespace Recorder.Cli.Terminal;

/// <summary>The escape sequences (ESC, at most one intermediate, final) that may reach the terminal. All others are dropped.</summary>
internal static class EscapeSequences
{
    /// <summary>Writes the sequence if it is allowed.</summary>
    /// <returns>False when nothing was written.</returns>
    public static bool TryWrite(byte intermediate, byte final, ScreenTrace trace, IBufferWriter<byte> output)
    {
        switch (intermediate)
        {
            case 0:
                return TryWritePlain(final, trace, output);
            case (byte)'(' or (byte)')' or (byte)'*' or (byte)'+' when final is (byte)'0' or (byte)'A' or (byte)'B' or (byte)'1' or (byte)'2':
                trace.CharacterSets = true;
                Write([0x1B, intermediate, final], output);
                return true;
            case (byte)'#' when final == (byte)'8': // DECALN: fills the screen with E, resets the margins
                output.Write("\e#8"u8);
                return true;
            default:
                return false;
        }
    }

    private static bool TryWritePlain(byte final, ScreenTrace trace, IBufferWriter<byte> output)
    {
        switch (final)
        {
            case (byte)'7' or (byte)'8' or (byte)'D' or (byte)'E' or (byte)'M': // save, restore, index, next line, reverse index
                Write([0x1B, final], output);
                return true;
            case (byte)'H': // set a tab stop
                trace.Tabs = true;
                output.Write("\eH"u8);
                return true;
            case (byte)'c': // a full reset would also reset what the user set: only the screen is
                ResetScreen(trace, output);
                return true;
            default:
                return false;
        }
    }

    private static void Write(ReadOnlySpan<byte> sequence, IBufferWriter<byte> output) => output.Write(sequence);

    /// <summary>What a reset does to the screen, without what it does to the terminal.</summary>
    public static void ResetScreen(ScreenTrace trace, IBufferWriter<byte> output)
    {
        trace.Restore(output, columns: 0);
        output.Write("\e[H\e[2J"u8);
    }
}
