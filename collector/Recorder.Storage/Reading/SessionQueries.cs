namespace Recorder.Storage;

/// <summary>Reads sessions back. Copies of a frame that a resend left are collapsed everywhere.</summary>
public sealed class SessionQueries
{
    internal SessionQueries(ClickHouseClient client, VerdictCalculator verdicts, TimeProvider time)
    {
        _client = client;
        _ = (verdicts, time);
    }

    private readonly ClickHouseClient _client;

    /// <summary>A page of sessions, newest start first.</summary>
    /// <param name="filter">Which sessions.</param>
    /// <param name="cursor">From the page before, or null.</param>
    /// <param name="limit">1 to 1000.</param>
    /// <param name="cancellation">Stops the query.</param>
    /// <exception cref="StoreException"><see cref="StoreError.InvalidArgument"/>: the cursor isn't one.</exception>
    public Task<SessionPage> ListAsync(SessionFilter filter, string? cursor, int limit, CancellationToken cancellation) =>
        throw new NotSupportedException(_client.ToString());

    /// <summary>One session, or null.</summary>
    public Task<SessionRecord?> GetAsync(Guid id, CancellationToken cancellation) =>
        throw new NotSupportedException(_client.ToString());

    /// <summary>The session's processes by start.</summary>
    public Task<IReadOnlyList<SessionProcess>> ProcessesAsync(Guid id, CancellationToken cancellation) =>
        throw new NotSupportedException(_client.ToString());

    /// <summary>The session's outbound connects by time.</summary>
    public Task<IReadOnlyList<SessionConnection>> ConnectionsAsync(Guid id, CancellationToken cancellation) =>
        throw new NotSupportedException(_client.ToString());

    /// <summary>The session's frames by boot time, then epoch and seq.</summary>
    public IAsyncEnumerable<StoredFrame> FramesAsync(Guid id, FrameFilter filter, CancellationToken cancellation) =>
        throw new NotSupportedException(_client.ToString());

    /// <summary>Writes the bytes [from, to) of a stream to the output, in offset order, a few megabytes at a time.</summary>
    /// <param name="id">Session.</param>
    /// <param name="stream">0 in, 1 out, 2 err.</param>
    /// <param name="from">First offset.</param>
    /// <param name="to">Offset to end before; null: the end of what is stored.</param>
    /// <param name="gaps">What takes the place of missing bytes.</param>
    /// <param name="output">Receives the bytes.</param>
    /// <param name="cancellation">Stops the query.</param>
    /// <returns>Bytes written.</returns>
    public Task<ulong> StreamAsync(
        Guid id, byte stream, ulong from, ulong? to, GapMode gaps, Stream output, CancellationToken cancellation) =>
        throw new NotSupportedException(_client.ToString());

    /// <summary>How a stream is tiled; null if nothing of it is stored.</summary>
    public Task<StreamMap?> StreamMapAsync(Guid id, byte stream, CancellationToken cancellation) =>
        throw new NotSupportedException(_client.ToString());

    /// <summary>Matches in recorded output, newest session first, found across frame borders.</summary>
    /// <exception cref="StoreException"><see cref="StoreError.InvalidArgument"/>: the pattern isn't valid.</exception>
    public IAsyncEnumerable<SearchHit> SearchAsync(SearchQuery query, CancellationToken cancellation) =>
        throw new NotSupportedException(_client.ToString());

    /// <summary>All origins with their last heartbeat, probes and what can't be recorded.</summary>
    public Task<IReadOnlyList<OriginRecord>> OriginsAsync(CancellationToken cancellation) =>
        throw new NotSupportedException(_client.ToString());
}
