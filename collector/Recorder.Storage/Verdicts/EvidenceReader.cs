using System.Buffers.Binary;
using Recorder.Wire;

namespace Recorder.Storage;

/// <summary>
/// Takes in a session's frames. 1. The engine checks, for each batch and stream, that the batch's DATA frames continue each other: such
/// a batch is one tile. 2. Frames of other types, and of batches where that isn't so (copies of a resend, losses), come one by one. 3. Where
/// numbers of different batches overlap, every frame comes one by one.
/// </summary>
internal sealed class EvidenceReader(ClickHouseClient client)
{
    private const int SomeBatches = 500;

    public async Task<SessionEvidence> ReadAsync(Guid session, byte? stream, CancellationToken cancellation)
    {
        var evidence = new SessionEvidence();
        List<BatchTiles> tiles = await TilesAsync(session, stream, cancellation).ConfigureAwait(false);
        BatchTiles[] broken = [.. tiles.Where(tile => tile is { IsData: true, IsContinuous: false })];
        if (NumbersOverlap(tiles) || broken.Length > SomeBatches)
        {
            await AddRowsAsync(evidence, session, stream, "", new QueryParameters(), cancellation).ConfigureAwait(false);
            return evidence;
        }
        HashSet<(Guid, ulong)> apart = [.. broken.Select(tile => (tile.Epoch, tile.Batch))];
        foreach (BatchTiles tile in tiles)
        {
            if (tile.IsData && !apart.Contains((tile.Epoch, tile.Batch))) evidence.Add(tile);
        }
        QueryParameters parameters = new QueryParameters().Add("epochs", broken.Select(tile => tile.Epoch).Distinct())
            .Add("batches", broken.Select(tile => tile.Batch).Distinct());
        string rest = apart.Count == 0 ? " AND type != 2"
            : " AND (type != 2 OR (has({epochs:Array(UUID)}, epoch) AND has({batches:Array(UInt64)}, batch)))";
        // Both lists together may name batches that are in order: those have been taken in.
        await AddRowsAsync(evidence, session, stream, rest, parameters, cancellation, row => row.Type != (byte)FrameType.Data || apart.Contains((row.Epoch, row.Batch)))
            .ConfigureAwait(false);
        return evidence;
    }

    // Frames continue each other from `start` to `end` if every offset between is the end of one frame and the start of one other: then
    // the hashes of all ends less those of all starts leave the two outer ones. As lengths are above 0 there is no other way.
    // Copies add up to a multiple, which is told from the length.
    private Task<List<BatchTiles>> TilesAsync(Guid session, byte? stream, CancellationToken cancellation) => client.ListAsync(
        $$"""
        SELECT origin, epoch, batch, substring(batch_hash, 1, 16) AS hash, stream, type = 2 AS is_data, min(seq), max(seq), count(),
            min(offset) AS start, max(offset + length) AS end,
            sum(length) = end - start AND sum(sipHash64(offset + length) - sipHash64(offset)) = sipHash64(end) - sipHash64(start)
        FROM frames WHERE {{Where(stream)}} GROUP BY origin, epoch, batch, hash, stream, is_data
        """, Parameters(new QueryParameters(), session, stream), ReadTiles, cancellation);

    private async Task AddRowsAsync(
        SessionEvidence evidence, Guid session, byte? stream, string condition, QueryParameters parameters, CancellationToken cancellation,
        Func<TileRow, bool>? wanted = null)
    {
        var rows = client.QueryAsync(
            $$"""
            SELECT origin, epoch, batch, seq, substring(batch_hash, 1, 16), type, stream, offset, length, length_known, flags, place, ts,
                if(type = 5, data, '')
            FROM frames WHERE {{Where(stream)}}{{condition}}
            ORDER BY UUIDToNum(subject), epoch, seq, batch_hash SETTINGS optimize_read_in_order = 1
            """, Parameters(parameters, session, stream), ReadRow, cancellation);
        await foreach (TileRow row in rows.ConfigureAwait(false))
        {
            if (wanted is null || wanted(row)) evidence.Add(row);
        }
    }

    private static bool NumbersOverlap(List<BatchTiles> tiles)
    {
        var batches = tiles.GroupBy(tile => (tile.Epoch, tile.Origin, tile.Batch, tile.Hash))
            .Select(batch => (batch.Key, First: batch.Min(tile => tile.First), Last: batch.Max(tile => tile.Last)))
            .GroupBy(batch => (batch.Key.Origin, batch.Key.Epoch));
        foreach (var epoch in batches)
        {
            ulong reached = 0;
            foreach (var (_, first, last) in epoch.OrderBy(batch => batch.First))
            {
                if (first <= reached) return true;
                reached = last;
            }
        }
        return false;
    }

    private static string Where(byte? stream) => "subject = {id:UUID}" + (stream is null ? "" : " AND stream = {stream:UInt8}");

    private static QueryParameters Parameters(QueryParameters parameters, Guid session, byte? stream)
    {
        parameters.Add("id", session);
        return stream is { } number ? parameters.Add("stream", (ulong)number) : parameters;
    }

    private static BatchTiles ReadTiles(ref RowReader row)
    {
        Guid origin = row.Uuid(), epoch = row.Uuid();
        ulong batch = row.UInt64();
        return new BatchTiles(
            origin, epoch, batch, ReadHash(ref row), row.UInt8(), row.Bool(), row.UInt64(), row.UInt64(), row.UInt64(), row.UInt64(), row.UInt64(), row.Bool());
    }

    private static TileRow ReadRow(ref RowReader row)
    {
        Guid origin = row.Uuid(), epoch = row.Uuid();
        ulong batch = row.UInt64(), seq = row.UInt64();
        UInt128 hash = ReadHash(ref row);
        byte type = row.UInt8(), stream = row.UInt8();
        ulong offset = row.UInt64(), length = row.UInt64();
        bool known = row.Bool();
        byte flags = row.UInt8(), place = row.UInt8();
        long time = row.Int64();
        ReadOnlySpan<byte> body = row.Bytes();
        return new TileRow(origin, epoch, batch, seq, hash, type, stream, offset, known ? length : null, flags, place, time, ReadEnd(body));
    }

    private static UInt128 ReadHash(ref RowReader row)
    {
        ReadOnlySpan<byte> prefix = row.Bytes();
        return prefix.Length == 16 ? BinaryPrimitives.ReadUInt128BigEndian(prefix) : default;
    }

    private static SessionEndFrame? ReadEnd(ReadOnlySpan<byte> body)
    {
        if (body.IsEmpty) return null;
        var reader = new MessagePackReader(body);
        return SessionEndFrame.Read(ref reader);
    }
}

/// <summary>The frames of one stream, DATA or others, in one batch.</summary>
/// <param name="Origin">Origin.</param>
/// <param name="Epoch">Epoch.</param>
/// <param name="Batch">The batch's number.</param>
/// <param name="Hash">The first half of its hash.</param>
/// <param name="Stream">Stream, or 255.</param>
/// <param name="IsData">DATA frames; else all others.</param>
/// <param name="First">Lowest seq.</param>
/// <param name="Last">Highest seq.</param>
/// <param name="Frames">Rows, copies included.</param>
/// <param name="Start">Lowest offset.</param>
/// <param name="End">Highest offset + length.</param>
/// <param name="IsContinuous">The frames tile [start, end), each once.</param>
internal sealed record BatchTiles(
    Guid Origin, Guid Epoch, ulong Batch, UInt128 Hash, byte Stream, bool IsData, ulong First, ulong Last, ulong Frames, ulong Start, ulong End,
    bool IsContinuous);
