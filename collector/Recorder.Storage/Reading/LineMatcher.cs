using System.Text;

namespace Recorder.Storage;

/// <summary>The first match in a line.</summary>
internal readonly record struct LineMatch(int Line, int Start, int Length);

/// <summary>
/// Finds a pattern in lines by ClickHouse's RE2: lines travel there in windows, and only places of matches come back. Plain text is
/// looked for here first, so that only lines that have it travel.
/// </summary>
internal sealed class LineMatcher
{
    private const int PatternBytes = 4096;

    private readonly ClickHouseClient _client;
    private readonly string _pattern;
    private readonly byte[]? _needle;

    public LineMatcher(ClickHouseClient client, SearchQuery query)
    {
        _client = client;
        byte[] bytes = Encoding.UTF8.GetBytes(query.Pattern);
        if (bytes.Length is 0 or > PatternBytes)
            throw new StoreException(StoreError.InvalidArgument, $"The pattern has {bytes.Length} bytes; allowed: 1 to {PatternBytes}.");
        _needle = query is { Fixed: true, IgnoreCase: false } ? bytes : null;
        string pattern = query.Fixed ? Quote(query.Pattern) : query.Pattern;
        _pattern = query.IgnoreCase ? "(?i:" + pattern + ")" : pattern;
        Plain = query.Pattern;
        IsFixed = query.Fixed;
    }

    private string Plain { get; }

    private bool IsFixed { get; }

    /// <summary>Asks the engine whether it can use the pattern.</summary>
    /// <exception cref="StoreException"><see cref="StoreError.InvalidArgument"/>: it can't.</exception>
    public async Task CheckAsync(CancellationToken cancellation)
    {
        // By itself first: `a)(b` would be valid inside the group that it is put into. match() does not compile every pattern.
        foreach (string pattern in IsFixed ? [_pattern] : new[] { Plain, _pattern })
        {
            try
            {
                await _client.ExecuteAsync(
                    "SELECT replaceRegexpOne('x', {pattern:String}, '') FORMAT Null", new QueryParameters().Add("pattern", pattern), true, cancellation)
                    .ConfigureAwait(false);
            }
            catch (StoreException failure) when (failure.Error == StoreError.Other)
            {
                throw new StoreException(StoreError.InvalidArgument, failure.Message, failure.Code, inner: failure);
            }
        }
    }

    /// <summary>Whether the line need not travel.</summary>
    public bool CanSkip(ReadOnlySpan<byte> line) => _needle is not null && line.IndexOf(_needle) < 0;

    /// <summary>The first match of each line that has one, by line. Rows: (id UInt32, line String).</summary>
    public IAsyncEnumerable<LineMatch> MatchAsync(RowWriter lines, CancellationToken cancellation)
    {
        QueryParameters parameters = new QueryParameters().Add("pattern", _pattern).Add("parts", @"(?s)^(\C*?)(" + _pattern + ")");
        return _client.QueryWithTableAsync(
            """
            SELECT id, length(parts[1]), length(parts[2]) FROM (
                SELECT id, extractGroups(line, {parts:String}) AS parts FROM lines WHERE match(line, {pattern:String}))
            ORDER BY id
            """, parameters, new ExternalTable("lines", "id UInt32, line String", lines.Written), Read, cancellation);
    }

    private static LineMatch Read(ref RowReader row) => new((int)row.UInt32(), (int)row.UInt64(), (int)row.UInt64());

    // RE2 quotes everything between \Q and \E; an \E in the text itself ends it and begins anew.
    private static string Quote(string text) => @"\Q" + text.Replace(@"\E", @"\E\\E\Q", StringComparison.Ordinal) + @"\E";
}
