namespace Recorder.Storage;

/// <summary>Lists sessions: first the page's ids, then their facts, verdicts and, for open ones, what is stored so far.</summary>
internal sealed class SessionReader(ClickHouseClient client, TimeProvider time)
{
    // Most lists are of recent sessions: looking at a day, then a month, then everything keeps them cheap with millions stored.
    private static readonly TimeSpan?[] Windows = [TimeSpan.FromDays(1), TimeSpan.FromDays(30), null];

    public async Task<SessionPage> ListAsync(SessionFilter filter, string? cursor, int limit, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, 1000);
        SessionCursor? after = cursor is null ? null : SessionCursor.Parse(cursor);
        List<SessionCursor> page = await PageAsync(filter, after, limit + 1, cancellation).ConfigureAwait(false);
        string? next = page.Count > limit ? page[limit - 1].ToString() : null;
        Guid[] ids = [.. page.Take(limit).Select(row => row.Id)];
        return new SessionPage(await GetAsync(ids, cancellation).ConfigureAwait(false), next);
    }

    /// <summary>The sessions in the order of the ids; those that aren't stored are left out.</summary>
    public async Task<IReadOnlyList<SessionRecord>> GetAsync(IReadOnlyList<Guid> ids, CancellationToken cancellation)
    {
        if (ids.Count == 0) return [];
        var parameters = new QueryParameters().Add("ids", ids);
        List<SessionRecord> rows = await client.ListAsync(
            $"SELECT {SessionSql.Columns} FROM sessions FINAL WHERE {SessionSql.KeyIn("id")}", parameters, SessionRow.Read, cancellation)
            .ConfigureAwait(false);
        List<VerdictRow> verdicts = await client.ListAsync(
            $"SELECT {VerdictRow.Columns} FROM session_verdicts FINAL WHERE {SessionSql.KeyIn("session")}", parameters, VerdictRow.Read, cancellation)
            .ConfigureAwait(false);
        Dictionary<Guid, VerdictRow> judged = verdicts.ToDictionary(verdict => verdict.Session);
        Guid[] open = [.. rows.Where(row => !judged.ContainsKey(row.Id)).Select(row => row.Id)];
        ILookup<Guid, StreamSummary> statistics = await StatisticsAsync(open, cancellation).ConfigureAwait(false);
        Dictionary<Guid, SessionRecord> byId = rows.ToDictionary(
            row => row.Id, row => judged.TryGetValue(row.Id, out VerdictRow? verdict) ? verdict.Apply(row) : Running(row, statistics[row.Id]));
        return [.. ids.Where(byId.ContainsKey).Select(id => byId[id])];
    }

    private async Task<List<SessionCursor>> PageAsync(
        SessionFilter filter, SessionCursor? after, int count, CancellationToken cancellation)
    {
        long newest = after?.Started ?? filter.Until ?? UnixTime.From(time.GetUtcNow());
        List<SessionCursor> page = [];
        foreach (TimeSpan? window in Windows)
        {
            long? since = window is { } span ? newest - (span.Ticks * 100) : null;
            bool isLast = since is null || (filter.Since is { } asked && asked >= since);
            page = await PageSinceAsync(isLast ? filter : filter with { Since = since }, after, count, cancellation).ConfigureAwait(false);
            if (isLast || page.Count == count) break;
        }
        return page;
    }

    private Task<List<SessionCursor>> PageSinceAsync(
        SessionFilter filter, SessionCursor? after, int count, CancellationToken cancellation)
    {
        var parameters = new QueryParameters().Add("count", (ulong)count);
        string where = SessionSql.Where(filter, parameters);
        if (after is not null)
        {
            parameters.Add("after", after.Started).Add("after_id", after.Id);
            where += " AND (started, id) < (fromUnixTimestamp64Nano({after:Int64}), {after_id:UUID})";
        }
        return client.ListAsync(
            $"SELECT started, id FROM sessions FINAL WHERE {where} ORDER BY started DESC, id DESC LIMIT {{count:UInt32}}", parameters,
            (ref RowReader row) => new SessionCursor(row.Int64(), row.Uuid()), cancellation);
    }

    private static SessionRecord Running(SessionRecord row, IEnumerable<StreamSummary> stored)
    {
        Dictionary<byte, StreamSummary> summaries = stored.ToDictionary(stream => stream.Stream);
        foreach (StreamSummary named in row.Streams)
            summaries[named.Stream] = summaries.TryGetValue(named.Stream, out StreamSummary? known) ? known with { Source = named.Source } : named;
        // Ended without a verdict: its last frames are being written, or a collector died and the next one's sweep will judge it.
        return row with
        {
            Ended = false,
            EndedAt = null,
            ExitCode = null,
            Signal = null,
            Streams = [.. summaries.Values.OrderBy(stream => stream.Stream)],
        };
    }

    // A batch is stored whole or not at all, so all of its frames have as many copies: rows over different numbers.
    private async Task<ILookup<Guid, StreamSummary>> StatisticsAsync(Guid[] ids, CancellationToken cancellation)
    {
        List<(Guid Id, StreamSummary Summary)> rows = ids.Length == 0 ? [] : await client.ListAsync(
            $$"""
            SELECT subject, stream, sumIf(bytes, type = 2), sumIf(frames, type = 3), sumIf(bytes, type = 3), maxIf(at, type = 4), countIf(type = 4) > 0
            FROM (
                SELECT subject, stream, type, uniqExact(seq) AS frames, intDiv(sum(length) * frames, count()) AS bytes, max(offset) AS at
                FROM frames WHERE {{SessionSql.KeyIn("subject")}} AND type IN (2, 3, 4)
                GROUP BY subject, epoch, batch, batch_hash, stream, type)
            GROUP BY subject, stream ORDER BY subject, stream
            """, new QueryParameters().Add("ids", ids), ReadStatistics, cancellation).ConfigureAwait(false);
        return rows.ToLookup(row => row.Id, row => row.Summary);
    }

    private static (Guid, StreamSummary) ReadStatistics(ref RowReader row)
    {
        Guid id = row.Uuid();
        byte stream = row.UInt8();
        ulong bytes = row.UInt64(), gaps = row.UInt64(), gapBytes = row.UInt64(), total = row.UInt64();
        bool ended = row.Bool();
        return (id, new StreamSummary(stream, bytes, gaps, gapBytes, ended ? total : null, ended, null));
    }
}
