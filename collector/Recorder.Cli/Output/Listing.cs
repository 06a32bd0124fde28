using Spectre.Console;

namespace Recorder.Cli.Output;

/// <summary>
/// A table without lines, cut to the terminal: columns leave by rank, then the widest flexible column is shortened. Elsewhere than on a terminal nothing is cut.
/// </summary>
internal sealed class Listing(Screen screen, params IReadOnlyList<ListingColumn> columns)
{
    private const int Padding = 2;

    private readonly List<string[]> _rows = [];

    /// <summary>Adds a row; the cells have to be clean already.</summary>
    public void Add(params string[] cells) => _rows.Add(cells);

    public void Write()
    {
        List<int> shown = [.. Enumerable.Range(0, columns.Count)];
        int[] widths = [.. shown.Select(Natural)];
        int room = screen.Facts.OutputColumns ?? int.MaxValue;
        Drop(shown, widths, room);
        Shorten(shown, widths, room);
        Table table = Build(shown, widths);
        screen.Console.Write(table);
    }

    private int Natural(int column) =>
        Math.Max(CellText.Width(columns[column].Title), _rows.Count == 0 ? 0 : _rows.Max(row => CellText.Width(row[column])));

    private static int Total(List<int> shown, int[] widths) => shown.Sum(column => widths[column] + Padding) - Padding;

    private int Least(List<int> shown, int[] widths) =>
        shown.Sum(column => (columns[column].Least is { } least ? Math.Min(least, widths[column]) : widths[column]) + Padding) - Padding;

    private void Drop(List<int> shown, int[] widths, int room)
    {
        while (Least(shown, widths) > room)
        {
            int victim = shown.Where(column => columns[column].Rank > 0).OrderByDescending(column => columns[column].Rank).FirstOrDefault(-1);
            if (victim < 0)
                return;
            shown.Remove(victim);
        }
    }

    private void Shorten(List<int> shown, int[] widths, int room)
    {
        while (Total(shown, widths) is int total && total > room)
        {
            int widest = shown.Where(column => columns[column].Least is { } least && widths[column] > least).OrderByDescending(column => widths[column]).FirstOrDefault(-1);
            if (widest < 0)
                return;
            widths[widest]--;
        }
    }

    private Table Build(List<int> shown, int[] widths)
    {
        var table = new Table { Border = TableBorder.None, ShowHeaders = true };
        foreach (int column in shown)
        {
            string title = columns[column].Title;
            table.AddColumn(new TableColumn(new Text(title, new Style(decoration: Decoration.Bold))) { NoWrap = true, Padding = new Padding(0, 0, column == shown[^1] ? 0 : Padding, 0) });
        }

        foreach (string[] row in _rows)
            table.AddRow(shown.Select(column => new Text(CellText.Fit(row[column], widths[column], screen.Facts.Unicode), columns[column].Style?.Invoke(row[column]) ?? Style.Plain)));
        return table;
    }
}

/// <summary>A column of a listing.</summary>
/// <param name="Title">Its heading.</param>
/// <param name="Rank">Columns with the highest rank leave first when there is no room; 0 always stays.</param>
/// <param name="Least">May be shortened down to so many cells; null is never shortened.</param>
/// <param name="Style">Colour by content.</param>
internal sealed record ListingColumn(string Title, int Rank = 0, int? Least = null, Func<string, Style?>? Style = null);
