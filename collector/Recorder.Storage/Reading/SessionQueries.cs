namespace Recorder.Storage;

/// <summary>Reads sessions back. Copies of a frame that a resend left are collapsed everywhere.</summary>
public sealed class SessionQueries
{
    private readonly SessionReader _sessions;
    private readonly ProcessReader _processes;
    private readonly OriginReader _origins;
    private readonly FrameReading _frames;
    private readonly StreamCopy _copy;
    private readonly OutputSearch _search;
    private readonly VerdictCalculator _verdicts;

    internal SessionQueries(ClickHouseClient client, VerdictCalculator verdicts, TimeProvider time)
    {
        var streams = new StreamReading(client);
        _sessions = new SessionReader(client, time);
        _processes = new ProcessReader(client);
        _origins = new OriginReader(client);
        _frames = new FrameReading(client);
        _copy = new StreamCopy(streams);
        _search = new OutputSearch(client, _sessions, streams);
        _verdicts = verdicts;
    }

    /// <summary>A page of sessions, newest start first.</summary>
    /// <param name="filter">Which sessions.</param>
    /// <param name="cursor">From the page before, or null.</param>
    /// <param name="limit">1 to 1000.</param>
    /// <param name="cancellation">Stops the query.</param>
    /// <exception cref="StoreException"><see cref="StoreError.InvalidArgument"/>: the cursor isn't one.</exception>
    public Task<SessionPage> ListAsync(SessionFilter filter, string? cursor, int limit, CancellationToken cancellation) =>
        _sessions.ListAsync(filter, cursor, limit, cancellation);

    /// <summary>One session, or null.</summary>
    public async Task<SessionRecord?> GetAsync(Guid id, CancellationToken cancellation) =>
        await _sessions.GetAsync([id], cancellation).ConfigureAwait(false) is [var found, ..] ? found : null;

    /// <summary>The session's processes by start.</summary>
    public Task<IReadOnlyList<SessionProcess>> ProcessesAsync(Guid id, CancellationToken cancellation) =>
        _processes.ProcessesAsync(id, cancellation);

    /// <summary>The session's outbound connects by time.</summary>
    public Task<IReadOnlyList<SessionConnection>> ConnectionsAsync(Guid id, CancellationToken cancellation) =>
        _processes.ConnectionsAsync(id, cancellation);

    /// <summary>The session's frames by boot time, then epoch and seq. Frames stored in differing copies come once for each copy.</summary>
    public IAsyncEnumerable<StoredFrame> FramesAsync(Guid id, FrameFilter filter, CancellationToken cancellation) =>
        _frames.FramesAsync(id, filter, cancellation);

    /// <summary>Writes the bytes [from, to) of a stream to the output, in offset order, a few megabytes at a time.</summary>
    /// <param name="id">Session.</param>
    /// <param name="stream">0 in, 1 out, 2 err.</param>
    /// <param name="from">First offset.</param>
    /// <param name="to">Offset to end before; null: the end of what is known of the stream.</param>
    /// <param name="gaps">What takes the place of missing bytes.</param>
    /// <param name="output">Receives the bytes.</param>
    /// <param name="cancellation">Stops the query.</param>
    /// <returns>Bytes written.</returns>
    public Task<ulong> StreamAsync(
        Guid id, byte stream, ulong from, ulong? to, GapMode gaps, Stream output, CancellationToken cancellation) =>
        _copy.CopyAsync(id, stream, from, to, gaps, output, cancellation);

    /// <summary>How a stream is tiled; null if nothing of it is stored.</summary>
    public async Task<StreamMap?> StreamMapAsync(Guid id, byte stream, CancellationToken cancellation)
    {
        SessionEvidence evidence = await _verdicts.ReadAsync(id, stream, cancellation).ConfigureAwait(false);
        if (!evidence.Streams.TryGetValue(stream, out StreamTiler? tiler)) return null;
        StreamGap[] gaps = [.. tiler.Gaps.Concat(tiler.Holes()).OrderBy(gap => gap.Offset)];
        return new StreamMap(stream, tiler.Bytes, tiler.End, tiler.Total, gaps, tiler.Overlaps + evidence.DifferingCopies);
    }

    /// <summary>Matches in recorded output, newest session first, one for each line, found across frame borders.</summary>
    /// <exception cref="StoreException"><see cref="StoreError.InvalidArgument"/>: the pattern isn't valid.</exception>
    public IAsyncEnumerable<SearchHit> SearchAsync(SearchQuery query, CancellationToken cancellation) =>
        _search.SearchAsync(query, cancellation);

    /// <summary>All origins with their last heartbeat, probes and what can't be recorded.</summary>
    public Task<IReadOnlyList<OriginRecord>> OriginsAsync(CancellationToken cancellation) => _origins.OriginsAsync(cancellation);
}
