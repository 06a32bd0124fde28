using System.Runtime.CompilerServices;

namespace Recorder.Storage;

/// <summary>
/// Searches recorded output: sessions newest first, their lines collected into windows of a few megabytes which the engine matches. Memory
/// depends on neither the length of a stream nor the number of sessions.
/// </summary>
internal sealed class OutputSearch(ClickHouseClient client, SessionReader sessions, StreamReading streams)
{
    private const int PageSize = 100;
    private const int WindowBytes = 4 << 20;
    private const int ContextBytes = 4096;
    private const int LimitMost = 100_000;

    public async IAsyncEnumerable<SearchHit> SearchAsync(
        SearchQuery query, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (query.Limit is < 1 or > LimitMost)
            throw new StoreException(StoreError.InvalidArgument, $"The limit is {query.Limit}; allowed: 1 to {LimitMost}.");
        var matcher = new LineMatcher(client, query);
        await matcher.CheckAsync(cancellation).ConfigureAwait(false);
        using var window = new SearchWindow();
        int left = query.Limit;
        await foreach (FoundLine line in LinesAsync(query, matcher, cancellation).ConfigureAwait(false))
        {
            window.Add(line);
            if (window.Bytes < WindowBytes) continue;
            await foreach (SearchHit hit in HitsAsync(matcher, window, cancellation).ConfigureAwait(false))
            {
                yield return hit;
                if (--left == 0) yield break;
            }
            window.Clear();
        }
        await foreach (SearchHit hit in HitsAsync(matcher, window, cancellation).ConfigureAwait(false))
        {
            yield return hit;
            if (--left == 0) yield break;
        }
    }

    private async IAsyncEnumerable<FoundLine> LinesAsync(
        SearchQuery query, LineMatcher matcher, [EnumeratorCancellation] CancellationToken cancellation)
    {
        string? cursor = null;
        do
        {
            SessionPage page = await sessions.ListAsync(query.Sessions, cursor, PageSize, cancellation).ConfigureAwait(false);
            foreach (SessionRecord session in page.Items)
            {
                foreach (byte stream in session.Streams.Where(stream => stream.Bytes > 0).Select(stream => stream.Stream).Intersect(query.Streams))
                {
                    await foreach (StreamLine line in LinesAsync(session.Id, stream, cancellation).ConfigureAwait(false))
                    {
                        if (!matcher.CanSkip(line.Bytes.Span)) yield return new FoundLine(session, stream, line);
                    }
                }
            }
            cursor = page.Next;
        }
        while (cursor is not null);
    }

    private async IAsyncEnumerable<StreamLine> LinesAsync(
        Guid session, byte stream, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var assembler = new LineAssembler();
        await foreach (StreamChunk chunk in streams.ChunksAsync(session, stream, 0, ulong.MaxValue, cancellation).ConfigureAwait(false))
        {
            foreach (StreamLine line in assembler.Add(chunk)) yield return line;
        }
        if (assembler.Finish() is { } last) yield return last;
    }

    private static async IAsyncEnumerable<SearchHit> HitsAsync(
        LineMatcher matcher, SearchWindow window, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (window.Lines.Count == 0) yield break;
        (Guid, byte, ulong) last = default;
        await foreach (LineMatch match in matcher.MatchAsync(window.Rows, cancellation).ConfigureAwait(false))
        {
            FoundLine found = window.Lines[match.Line];
            SearchHit hit = Hit(found, match);
            // Pieces of a long line overlap: what both have is given once.
            if ((found.Session.Id, found.Stream, hit.Offset) == last) continue;
            last = (found.Session.Id, found.Stream, hit.Offset);
            yield return hit;
        }
    }

    private static SearchHit Hit(FoundLine found, LineMatch match)
    {
        ReadOnlyMemory<byte> line = found.Line.Bytes;
        int room = Math.Max(0, ContextBytes - match.Length) / 2;
        int start = line.Length <= ContextBytes ? 0 : Math.Clamp(match.Start - room, 0, line.Length - ContextBytes);
        int length = Math.Min(line.Length - start, ContextBytes);
        return new SearchHit(
            found.Session, found.Stream, found.Line.Offset + (ulong)match.Start, found.Line.TimeAt(match.Start), line.Slice(start, length),
            match.Start - start, Math.Min(match.Length, length - (match.Start - start)));
    }
}

/// <summary>A line and where it is from.</summary>
internal sealed record FoundLine(SessionRecord Session, byte Stream, StreamLine Line);

/// <summary>Lines that are matched together.</summary>
internal sealed class SearchWindow : IDisposable
{
    public List<FoundLine> Lines { get; } = [];

    public RowWriter Rows { get; } = new();

    public int Bytes => Rows.Length;

    public void Add(FoundLine line)
    {
        Rows.UInt32((uint)Lines.Count);
        Rows.Bytes(line.Line.Bytes.Span);
        Rows.EndRow();
        Lines.Add(line);
    }

    public void Clear()
    {
        Lines.Clear();
        Rows.Clear();
    }

    public void Dispose() => Rows.Dispose();
}
