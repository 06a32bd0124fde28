using System.Runtime.CompilerServices;

namespace Recorder.Storage;

/// <summary>Bytes of a stream at an offset.</summary>
internal sealed record StreamChunk(ulong Offset, long Time, ReadOnlyMemory<byte> Bytes)
{
    public ulong End => Offset + (ulong)Bytes.Length;
}

/// <summary>
/// DATA frames of a stream by offset. The table is ordered by (epoch, seq) and not by offset; so a first query finds, for each 8 MiB of
/// the stream, which numbers hold it, and then each such window is read and sorted by itself.
/// </summary>
internal sealed class StreamReading(ClickHouseClient client)
{
    // A divisor in the queries below as well.
    private const ulong WindowBytes = 8 << 20;

    /// <summary>Chunks that have bytes in [from, to), by offset and without overlap: what stands twice is given once.</summary>
    public async IAsyncEnumerable<StreamChunk> ChunksAsync(
        Guid session, byte stream, ulong from, ulong to, [EnumeratorCancellation] CancellationToken cancellation)
    {
        ulong reached = from;
        foreach (var window in await PlanAsync(session, stream, from, to, cancellation).ConfigureAwait(false))
        {
            QueryParameters parameters = Parameters(session, stream, from, to).Add("window", window.Key)
                .Add("epochs", window.Select(part => part.Epoch)).Add("low", window.Min(part => part.Low)).Add("high", window.Max(part => part.High));
            // A window is read whole: who takes the bytes may pause for long, and the engine gives up on a reader that does.
            List<StreamChunk> chunks = await client.ListAsync(
                $$"""
                SELECT offset, ts, data FROM frames
                WHERE {{Where}} AND has({epochs:Array(UUID)}, epoch) AND seq BETWEEN {low:UInt64} AND {high:UInt64}
                  AND intDiv(offset, {{WindowBytes}}) = {window:UInt64}
                ORDER BY offset, epoch, seq, batch_hash
                """, parameters,
                (ref RowReader row) => new StreamChunk(row.UInt64(), row.Int64(), row.Bytes().ToArray()), cancellation).ConfigureAwait(false);
            foreach (StreamChunk chunk in chunks)
            {
                if (Cut(chunk, reached, to) is not { } rest) continue;
                reached = rest.End;
                yield return rest;
            }
        }
    }

    /// <summary>Highest offset + length of the stream's DATA and GAP frames; 0 if there are none.</summary>
    public async Task<ulong> EndAsync(Guid session, byte stream, CancellationToken cancellation)
    {
        List<ulong> ends = await client.ListAsync(
            """
            SELECT max(if(type = 4, offset, offset + length)) FROM frames
            WHERE subject = {id:UUID} AND type IN (2, 3, 4) AND stream = {stream:UInt8}
            """, new QueryParameters().Add("id", session).Add("stream", (ulong)stream), (ref RowReader row) => row.UInt64(), cancellation)
            .ConfigureAwait(false);
        return ends[0];
    }

    private const string Where = "subject = {id:UUID} AND type = 2 AND stream = {stream:UInt8} "
        + "AND offset < {to:UInt64} AND offset + length > {from:UInt64}";

    private async Task<List<IGrouping<ulong, Part>>> PlanAsync(
        Guid session, byte stream, ulong from, ulong to, CancellationToken cancellation)
    {
        if (from >= to) return [];
        List<Part> parts = await client.ListAsync(
            $"SELECT intDiv(offset, {WindowBytes}) AS w, epoch, min(seq), max(seq) FROM frames WHERE {Where} GROUP BY w, epoch ORDER BY w, epoch",
            Parameters(session, stream, from, to),
            (ref RowReader row) => new Part(row.UInt64(), row.Uuid(), row.UInt64(), row.UInt64()), cancellation).ConfigureAwait(false);
        return [.. parts.GroupBy(part => part.Window)];
    }

    private static QueryParameters Parameters(Guid session, byte stream, ulong from, ulong to) =>
        new QueryParameters().Add("id", session).Add("stream", (ulong)stream).Add("from", from).Add("to", to);

    private static StreamChunk? Cut(StreamChunk chunk, ulong reached, ulong to)
    {
        ulong start = Math.Max(chunk.Offset, reached), end = Math.Min(chunk.End, to);
        if (start >= end) return null;
        return chunk with { Offset = start, Bytes = chunk.Bytes.Slice((int)(start - chunk.Offset), (int)(end - start)) };
    }

    private sealed record Part(ulong Window, Guid Epoch, ulong Low, ulong High);
}
