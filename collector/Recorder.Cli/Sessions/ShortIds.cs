namespace Recorder.Cli.Sessions;

/// <summary>How much of each id has to be shown so that it names one session of the list.</summary>
internal static class ShortIds
{
    /// <summary>The whole time part of a UUIDv7: sessions that began in different milliseconds differ within it.</summary>
    private const int Shortest = 13;

    private static readonly int[] Lengths = [Shortest, 18, 23, 36];

    /// <summary>The smallest length, at the end of one of the id's groups, that tells all of them apart.</summary>
    public static int LengthFor(IReadOnlyCollection<string> ids) =>
        Lengths.First(length => length == 36 || ids.Select(id => Cut(id, length)).Distinct().Count() == ids.Count);

    public static string Cut(string id, int length) => id.Length <= length ? id : id[..length];
}
