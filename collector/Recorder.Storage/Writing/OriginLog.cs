using Recorder.Wire;

namespace Recorder.Storage;

/// <summary>Names a batch.</summary>
public readonly record struct BatchName(Guid Origin, Guid Epoch, ulong Number, ulong FirstSeq, ulong LastSeq, Digest Hash)
{
    /// <summary>The batch's name.</summary>
    public static BatchName Of(Batch batch) => new(
        batch.Header.Origin, batch.Header.Epoch, batch.Header.Number, batch.Header.FirstSeq, batch.Header.LastSeq, batch.Hash);

    internal bool Contradicts(BatchName other) =>
        Origin == other.Origin && Epoch == other.Epoch && Hash != other.Hash
        && (Number == other.Number || (FirstSeq <= other.LastSeq && LastSeq >= other.FirstSeq));
}

/// <summary>How far a stream of a stored session reaches: the highest offset + length of its DATA and GAP frames, in bytes.</summary>
public readonly record struct StreamHead(byte Stream, ulong End);

/// <summary>What is stored of a session: its newest SESSION revision (0: none) and how far its streams reach.</summary>
public sealed record SubjectHead(Guid Subject, ulong Revision, IReadOnlyList<StreamHead> Streams);

/// <summary>Whether a batch that arrived is new.</summary>
public enum BatchStanding
{
    /// <summary>Not stored.</summary>
    New,

    /// <summary>Stored with the same hash: acknowledge it again.</summary>
    Stored,

    /// <summary>The same number or sequence is stored with another hash: refuse, and raise the alarm.</summary>
    Conflict,
}

/// <summary>A batch that contradicts what is stored.</summary>
/// <param name="Arrived">The batch that arrived.</param>
/// <param name="Stored">The batch that is stored.</param>
public sealed record BatchConflict(BatchName Arrived, BatchName Stored);

/// <summary>Where an epoch stands: what a collector tells the agent in WELCOME.</summary>
/// <param name="Seq">Highest contiguous durable seq, 0 if none.</param>
/// <param name="NextNumber">Number of the batch that has to follow.</param>
/// <param name="Hash">Hash of the last batch up to Seq; 32 zero bytes if none.</param>
public sealed record EpochHead(ulong Seq, ulong NextNumber, Digest Hash);

/// <summary>What is durable of each origin's numbered sequence, read back from the store.</summary>
public sealed class OriginLog
{
    private const int SubjectsLimit = 4096;

    private readonly ClickHouseClient _client;

    internal OriginLog(ClickHouseClient client) => _client = client;

    /// <summary>Highest contiguous durable seq of the epoch.</summary>
    public async Task<EpochHead> ResumeAsync(Guid origin, Guid epoch, CancellationToken cancellation)
    {
        var parameters = new QueryParameters().Add("origin", origin).Add("epoch", epoch);
        // `before` is how far the batches before reach; the first that begins beyond it leaves a hole.
        List<ulong> holes = await _client.ListAsync(
            """
            SELECT before FROM (
                SELECT first_seq, max(last_seq) OVER (ORDER BY first_seq, last_seq ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
                FROM batches WHERE origin = {origin:UUID} AND epoch = {epoch:UUID})
            WHERE first_seq > before + 1 ORDER BY first_seq LIMIT 1
            """, parameters, (ref RowReader row) => row.UInt64(), cancellation).ConfigureAwait(false);
        ulong end = holes.Count > 0 ? holes[0] : ulong.MaxValue;
        List<EpochHead> heads = await _client.ListAsync(
            """
            SELECT last_seq, number + 1, hash FROM batches
            WHERE origin = {origin:UUID} AND epoch = {epoch:UUID} AND last_seq <= {end:UInt64} ORDER BY last_seq DESC LIMIT 1
            """, parameters.Add("end", end),
            (ref RowReader row) => new EpochHead(row.UInt64(), row.UInt64(), ReadDigest(ref row)), cancellation).ConfigureAwait(false);
        return heads.Count > 0 ? heads[0] : new EpochHead(0, 0, default);
    }

    /// <summary>What is stored of the subjects (at most 4,096); those that aren't stored are left out.</summary>
    public async Task<IReadOnlyList<SubjectHead>> HeadsAsync(IReadOnlyList<Guid> subjects, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(subjects.Count, SubjectsLimit, nameof(subjects));
        var heads = new List<SubjectHead>();
        foreach (Guid[] some in subjects.Distinct().Chunk(QueryParameters.ArrayLimit))
            heads.AddRange(await SomeHeadsAsync(some, cancellation).ConfigureAwait(false));
        return heads;
    }

    /// <summary>Compares an arrived batch with what is stored under its number or sequence.</summary>
    public async Task<(BatchStanding Standing, BatchConflict? Conflict)> ClassifyAsync(BatchName batch, CancellationToken cancellation)
    {
        List<BatchName> stored = await NearAsync([batch], cancellation).ConfigureAwait(false);
        return Compare(batch, stored);
    }

    /// <summary>Leaves out the batches that are stored.</summary>
    /// <exception cref="BatchConflictException">One contradicts what is stored, or another of them.</exception>
    internal async Task<List<Batch>> MissingAsync(IReadOnlyList<Batch> batches, CancellationToken cancellation)
    {
        if (batches.Count == 0) return [];
        List<BatchName> stored = await NearAsync([.. batches.Select(BatchName.Of)], cancellation).ConfigureAwait(false);
        var missing = new List<Batch>(batches.Count);
        foreach (Batch batch in batches)
        {
            BatchName name = BatchName.Of(batch);
            var (standing, conflict) = Compare(name, stored);
            if (standing == BatchStanding.Conflict) throw new BatchConflictException(conflict!);
            if (standing == BatchStanding.Stored) continue;
            missing.Add(batch);
            stored.Add(name);
        }
        return missing;
    }

    private async Task<IEnumerable<SubjectHead>> SomeHeadsAsync(Guid[] subjects, CancellationToken cancellation)
    {
        QueryParameters parameters = new QueryParameters().Add("ids", subjects);
        var revisions = await _client.ListAsync(
            $"SELECT id, max(revision) FROM sessions WHERE {SessionSql.KeyIn("id")} GROUP BY id",
            parameters, (ref RowReader row) => (Id: row.Uuid(), Revision: row.UInt64()), cancellation).ConfigureAwait(false);
        var ends = await _client.ListAsync(
            $"""
            SELECT subject, stream, max(offset + length) FROM frames
            WHERE {SessionSql.KeyIn("subject")} AND type IN (2, 3) GROUP BY subject, stream ORDER BY subject, stream
            """, parameters, (ref RowReader row) => (Subject: row.Uuid(), Head: new StreamHead(row.UInt8(), row.UInt64())),
            cancellation).ConfigureAwait(false);
        ILookup<Guid, StreamHead> streams = ends.ToLookup(end => end.Subject, end => end.Head);
        Dictionary<Guid, ulong> stored = revisions.ToDictionary(row => row.Id, row => row.Revision);
        return subjects.Where(id => stored.ContainsKey(id) || streams.Contains(id))
            .Select(id => new SubjectHead(id, stored.GetValueOrDefault(id), [.. streams[id]]));
    }

    private static (BatchStanding Standing, BatchConflict? Conflict) Compare(BatchName batch, List<BatchName> stored)
    {
        // First whether anything contradicts it: also a stored batch may have been contradicted.
        int other = stored.FindIndex(batch.Contradicts);
        if (other >= 0) return (BatchStanding.Conflict, new BatchConflict(batch, stored[other]));
        return (stored.Contains(batch) ? BatchStanding.Stored : BatchStanding.New, null);
    }

    // Everything stored of the same epochs whose sequence touches the batches', or that has a number of theirs.
    private async Task<List<BatchName>> NearAsync(BatchName[] batches, CancellationToken cancellation)
    {
        var near = new List<BatchName>();
        foreach (var epoch in batches.GroupBy(batch => (batch.Origin, batch.Epoch)))
        {
            var parameters = new QueryParameters().Add("origin", epoch.Key.Origin).Add("epoch", epoch.Key.Epoch)
                .Add("first", epoch.Min(batch => batch.FirstSeq)).Add("last", epoch.Max(batch => batch.LastSeq))
                .Add("low", epoch.Min(batch => batch.Number)).Add("high", epoch.Max(batch => batch.Number));
            near.AddRange(await _client.ListAsync(
                """
                SELECT DISTINCT origin, epoch, number, first_seq, last_seq, hash FROM batches
                WHERE origin = {origin:UUID} AND epoch = {epoch:UUID}
                  AND ((first_seq <= {last:UInt64} AND last_seq >= {first:UInt64}) OR number BETWEEN {low:UInt64} AND {high:UInt64})
                """, parameters, ReadName, cancellation).ConfigureAwait(false));
        }
        return near;
    }

    private static BatchName ReadName(ref RowReader row) =>
        new(row.Uuid(), row.Uuid(), row.UInt64(), row.UInt64(), row.UInt64(), ReadDigest(ref row));

    private static Digest ReadDigest(ref RowReader row)
    {
        byte[] bytes = row.Fixed(WireLimits.Hash);
        return bytes.Length == WireLimits.Hash ? new Digest(bytes) : default;
    }
}
