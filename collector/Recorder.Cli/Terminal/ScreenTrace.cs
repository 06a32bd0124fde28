using System.Buffers;
using System.Text;

namespace Recorder.Cli.Terminal;

/// <summary>What a recording changed in the terminal, so that exactly this is put back.</summary>
internal sealed class ScreenTrace
{
    /// <summary>The private mode by which the alternate screen was entered, 0 while on the main screen.</summary>
    public int AlternateScreen { get; set; }

    public bool Margins { get; set; }

    public bool Origin { get; set; }

    public bool Tabs { get; set; }

    public bool CharacterSets { get; set; }

    /// <summary>Puts the terminal back: attributes, character sets, insert mode, autowrap, cursor, screen, margins and tab stops.</summary>
    /// <param name="output">The terminal.</param>
    /// <param name="columns">Its width, for the tab stops; 0 leaves them for later.</param>
    public void Restore(IBufferWriter<byte> output, int columns)
    {
        output.Write("\e[0m\e[4l\e[?7h\e[?25h"u8);
        if (CharacterSets)
            output.Write("\e(B\e)B\e*B\e+B\x0f"u8);
        if (Origin)
            output.Write("\e[?6l"u8);
        if (Margins)
            output.Write("\e[r"u8);
        if (Margins || Origin)
            output.Write("\e[9999;1H"u8); // both moved the cursor home
        if (AlternateScreen != 0)
            output.Write(Encoding.ASCII.GetBytes($"\e[?{AlternateScreen}l"));
        if (Tabs && columns > 0)
            RestoreTabs(output, columns);
        AlternateScreen = 0;
        Margins = Origin = CharacterSets = false;
    }

    private void RestoreTabs(IBufferWriter<byte> output, int columns)
    {
        Tabs = false;
        output.Write("\e[3g"u8);
        for (int column = 9; column <= columns; column += 8)
            output.Write(Encoding.ASCII.GetBytes($"\e[{column}G\eH"));
        output.Write("\r"u8);
    }
}
