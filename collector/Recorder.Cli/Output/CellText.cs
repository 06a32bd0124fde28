using System.Globalization;
using System.Text;
using Spectre.Console.Rendering;

namespace Recorder.Cli.Output;

/// <summary>Text measured in terminal cells: wide characters take two.</summary>
internal static class CellText
{
    public static int Width(string text) => new Segment(text).CellCount();

    /// <summary>Cuts text to so many cells, with an ellipsis where something is missing.</summary>
    public static string Fit(string text, int cells, bool unicode = true)
    {
        if (Width(text) <= cells)
            return text;
        string ellipsis = unicode ? "…" : "~";
        var cut = new StringBuilder();
        int width = 0;
        TextElementEnumerator elements = StringInfo.GetTextElementEnumerator(text);
        while (elements.MoveNext())
        {
            string element = elements.GetTextElement();
            width += Width(element);
            if (width > cells - 1)
                break;
            cut.Append(element);
        }

        return cells > 0 ? cut.Append(ellipsis).ToString() : "";
    }
}
