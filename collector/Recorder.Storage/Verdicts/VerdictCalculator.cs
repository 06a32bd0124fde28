namespace Recorder.Storage;

/// <summary>What the stored frames of a session prove about loss.</summary>
public sealed record SessionVerdict(Guid Session, Verdict Verdict, IReadOnlyList<string> Reasons, IReadOnlyList<StreamSummary> Streams);

/// <summary>
/// Computes verdicts from the stored frames; memory does not depend on their number. <see cref="BatchWriter"/> calls it for sessions that ended, also when late frames of them arrive.
/// </summary>
public sealed class VerdictCalculator
{
    private const string Into = "session_verdicts (session, origin, version, computed, verdict, proof, reasons, ended_at, exit_code, signal, "
        + "streams, bytes, gaps, gap_bytes, length, stream_ended)";

    private readonly ClickHouseClient _client;
    private readonly EvidenceReader _reader;
    private readonly TimeProvider _time;

    internal VerdictCalculator(ClickHouseClient client, TimeProvider time)
    {
        _client = client;
        _reader = new EvidenceReader(client);
        _time = time;
    }

    /// <summary>Computes one session's verdict from its frames without storing it; null if nothing is stored of it.</summary>
    public async Task<SessionVerdict?> ComputeAsync(Guid session, CancellationToken cancellation)
    {
        SnapshotFacts? snapshot = await SnapshotAsync(session, cancellation).ConfigureAwait(false);
        SessionEvidence evidence = await ReadAsync(session, null, cancellation).ConfigureAwait(false);
        return snapshot is null && evidence.Frames == 0 ? null : Judge(session, snapshot, evidence);
    }

    /// <summary>
    /// Computes and stores the verdicts of those sessions that have ended: whose snapshot says so or that have a verdict, which the
    /// writer gives to all that end.
    /// </summary>
    /// <returns>The verdicts that were stored.</returns>
    public async Task<IReadOnlyList<SessionVerdict>> RecomputeAsync(IReadOnlyList<Guid> subjects, CancellationToken cancellation) =>
        await StoreAsync(await EndedAsync(subjects, cancellation).ConfigureAwait(false), cancellation).ConfigureAwait(false);

    /// <summary>Computes and stores verdicts of sessions of which it is known that they have ended.</summary>
    internal async Task<IReadOnlyList<SessionVerdict>> StoreAsync(IReadOnlyList<Guid> subjects, CancellationToken cancellation)
    {
        var verdicts = new List<SessionVerdict>();
        using var rows = new RowWriter();
        foreach (Guid session in subjects)
        {
            SnapshotFacts? snapshot = await SnapshotAsync(session, cancellation).ConfigureAwait(false);
            SessionEvidence evidence = await ReadAsync(session, null, cancellation).ConfigureAwait(false);
            SessionVerdict verdict = Judge(session, snapshot, evidence);
            if (verdict.Verdict == Verdict.Open) continue;
            Append(rows, verdict, snapshot, evidence);
            verdicts.Add(verdict);
        }
        // No common token: the same verdict may be computed again after rules changed, and the newest row must stay.
        if (rows.Rows > 0) await _client.InsertAsync(Into, rows.Written, Guid.NewGuid().ToString("N"), cancellation).ConfigureAwait(false);
        return verdicts;
    }

    /// <summary>Which of the subjects are known to have ended, without reading their frames.</summary>
    public async Task<IReadOnlyList<Guid>> EndedAsync(IReadOnlyList<Guid> subjects, CancellationToken cancellation)
    {
        var ended = new List<Guid>();
        foreach (Guid[] some in subjects.Chunk(QueryParameters.ArrayLimit))
        {
            ended.AddRange(await _client.ListAsync(
                $"""
                SELECT DISTINCT id FROM (
                    SELECT id FROM sessions WHERE {SessionSql.KeyIn("id")} AND ended = 1
                    UNION ALL SELECT session AS id FROM session_verdicts WHERE {SessionSql.KeyIn("session")})
                """, new QueryParameters().Add("ids", some), (ref RowReader row) => row.Uuid(), cancellation).ConfigureAwait(false));
        }
        return ended;
    }

    /// <summary>Takes in all frames of the session, or those of one stream.</summary>
    internal Task<SessionEvidence> ReadAsync(Guid session, byte? stream, CancellationToken cancellation) =>
        _reader.ReadAsync(session, stream, cancellation);

    internal async Task<SnapshotFacts?> SnapshotAsync(Guid session, CancellationToken cancellation)
    {
        List<SnapshotFacts> found = await _client.ListAsync(
            """
            SELECT origin, ended, late, depth, streams, sources, ended_at FROM sessions
            WHERE UUIDToNum(id) = UUIDToNum({id:UUID}) ORDER BY revision DESC LIMIT 1
            """, new QueryParameters().Add("id", session), ReadSnapshot, cancellation).ConfigureAwait(false);
        return found.Count > 0 ? found[0] : null;
    }

    private static SessionVerdict Judge(Guid session, SnapshotFacts? snapshot, SessionEvidence evidence)
    {
        var (verdict, reasons) = VerdictRules.Judge(snapshot, evidence);
        return new SessionVerdict(session, verdict, reasons, VerdictRules.Summarise(snapshot, evidence));
    }

    private void Append(RowWriter rows, SessionVerdict verdict, SnapshotFacts? snapshot, SessionEvidence evidence)
    {
        rows.Uuid(verdict.Session);
        rows.Uuid(evidence.Frames > 0 ? evidence.Origin : snapshot?.Origin ?? default);
        rows.UInt64(evidence.Frames);
        rows.Int64(UnixTime.From(_time.GetUtcNow()));
        rows.UInt8((byte)verdict.Verdict);
        rows.UInt8((byte)Proof.None);
        rows.Length32(verdict.Reasons.Count);
        foreach (string reason in verdict.Reasons) rows.Text(reason);
        rows.NullableInt64(evidence.EndedAt ?? snapshot?.EndedAt);
        rows.NullableInt32(evidence.End?.ExitCode);
        rows.NullableInt32(evidence.End?.Signal);
        AppendAll(rows, verdict.Streams, stream => rows.UInt8(stream.Stream));
        AppendAll(rows, verdict.Streams, stream => rows.UInt64(stream.Bytes));
        AppendAll(rows, verdict.Streams, stream => rows.UInt64(stream.Gaps));
        AppendAll(rows, verdict.Streams, stream => rows.UInt64(stream.GapBytes));
        AppendAll(rows, verdict.Streams, stream => rows.UInt64(stream.Length ?? 0));
        AppendAll(rows, verdict.Streams, stream => rows.Bool(stream.Ended));
        rows.EndRow();
    }

    private static void AppendAll(RowWriter rows, IReadOnlyList<StreamSummary> streams, Action<StreamSummary> append)
    {
        rows.Length32(streams.Count);
        foreach (StreamSummary stream in streams) append(stream);
    }

    private static SnapshotFacts ReadSnapshot(ref RowReader row)
    {
        Guid origin = row.Uuid();
        bool ended = row.Bool(), late = row.Bool();
        string depth = row.Text();
        byte[] streams = new byte[row.Count()];
        for (int i = 0; i < streams.Length; i++) streams[i] = row.UInt8();
        string[] sources = row.Texts();
        var byStream = new Dictionary<byte, string>();
        for (int i = 0; i < Math.Min(streams.Length, sources.Length); i++) byStream[streams[i]] = sources[i];
        return new SnapshotFacts(origin, ended, late, depth, byStream) { EndedAt = row.NullableInt64() };
    }
}
