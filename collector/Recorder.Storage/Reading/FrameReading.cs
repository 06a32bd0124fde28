using System.Runtime.CompilerServices;
using System.Text;

namespace Recorder.Storage;

/// <summary>
/// Frames by boot time, a few megabytes at a time: a first query adds up how much there is in each slice of time, so that a session of any
/// size is sorted in pieces that fit into memory.
/// </summary>
internal sealed class FrameReading(ClickHouseClient client)
{
    private const ulong WindowBytes = 8 << 20;
    private const ulong WindowFrames = 50_000;

    // Slices are cut finer in shorter sessions; so many make a plan that is small and windows that are not too uneven.
    private const ulong Slices = 20_000;
    private const ulong FinestSlice = 1_000_000;

    public async IAsyncEnumerable<StoredFrame> FramesAsync(
        Guid session, FrameFilter filter, [EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (Window window in await PlanAsync(session, filter, cancellation).ConfigureAwait(false))
        {
            QueryParameters parameters = new QueryParameters().Add("start", window.Start).Add("end", window.End);
            string where = Where(session, filter, parameters);
            // A window is read whole: who takes the frames may pause for long, and the engine gives up on a reader that does.
            List<StoredFrame> frames = await client.ListAsync(
                $$"""
                SELECT {{StoredFrame.Columns}} FROM frames
                WHERE {{where}} AND boottime >= {start:UInt64} AND boottime <= {end:UInt64}
                ORDER BY boottime, epoch, seq, batch_hash LIMIT 1 BY boottime, epoch, seq, batch_hash
                """, parameters, StoredFrame.Read, cancellation).ConfigureAwait(false);
            foreach (StoredFrame frame in frames) yield return frame;
        }
    }

    private async Task<List<Window>> PlanAsync(Guid session, FrameFilter filter, CancellationToken cancellation)
    {
        var parameters = new QueryParameters();
        string where = Where(session, filter, parameters);
        var spans = await client.ListAsync(
            $"SELECT count(), min(boottime), max(boottime), sum(length(data)) FROM frames WHERE {where}", parameters,
            (ref RowReader row) => new Slice(row.UInt64(), row.UInt64(), row.UInt64(), row.UInt64()), cancellation).ConfigureAwait(false);
        Slice all = spans[0];
        if (all.Frames == 0) return [];
        if (all.Bytes <= WindowBytes && all.Frames <= WindowFrames) return [new Window(all.Start, all.End)];

        parameters.Add("slice", Math.Max(FinestSlice, (all.End - all.Start) / Slices));
        return Join(await client.ListAsync(
            $$"""
            SELECT count(), min(boottime), max(boottime), sum(length(data)) FROM frames
            WHERE {{where}} GROUP BY intDiv(boottime, {slice:UInt64}) AS slice ORDER BY slice
            """, parameters,
            (ref RowReader row) => new Slice(row.UInt64(), row.UInt64(), row.UInt64(), row.UInt64()), cancellation).ConfigureAwait(false));
    }

    private static List<Window> Join(List<Slice> slices)
    {
        var windows = new List<Window>();
        Slice open = slices[0];
        foreach (Slice slice in slices.Skip(1))
        {
            if (open.Bytes + slice.Bytes > WindowBytes || open.Frames + slice.Frames > WindowFrames)
            {
                windows.Add(new Window(open.Start, open.End));
                open = slice;
                continue;
            }
            open = new Slice(open.Frames + slice.Frames, open.Start, slice.End, open.Bytes + slice.Bytes);
        }
        windows.Add(new Window(open.Start, open.End));
        return windows;
    }

    private static string Where(Guid session, FrameFilter filter, QueryParameters parameters)
    {
        var where = new StringBuilder("subject = {id:UUID}");
        parameters.Add("id", session);
        if (filter.Types.Count > 0)
        {
            parameters.Add("types", filter.Types);
            where.Append(" AND has({types:Array(UInt8)}, type)");
        }
        if (filter.Streams.Count > 0)
        {
            parameters.Add("streams", filter.Streams);
            where.Append(" AND (stream = 255 OR has({streams:Array(UInt8)}, stream))");
        }
        if (filter.From is { } from)
        {
            parameters.Add("from", from);
            where.Append(" AND boottime >= {from:UInt64}");
        }
        if (filter.To is { } to)
        {
            parameters.Add("to", to);
            where.Append(" AND boottime < {to:UInt64}");
        }
        After(filter, parameters, where);
        return where.ToString();
    }

    private static void After(FrameFilter filter, QueryParameters parameters, StringBuilder where)
    {
        if (filter.After is { } after)
        {
            parameters.Add("after_time", after.Boottime).Add("after_epoch", after.Epoch).Add("after_seq", after.Seq);
            where.Append(" AND boottime >= {after_time:UInt64}"
                + " AND (boottime, epoch, seq) > ({after_time:UInt64}, {after_epoch:UUID}, {after_seq:UInt64})");
        }
        for (int i = 0; i < filter.Behind.Count; i++)
        {
            parameters.Add($"behind_epoch{i}", filter.Behind[i].Epoch).Add($"behind_seq{i}", filter.Behind[i].Seq);
            where.Append($" AND NOT (epoch = {{behind_epoch{i}:UUID}} AND seq <= {{behind_seq{i}:UInt64}})");
        }
    }

    private readonly record struct Slice(ulong Frames, ulong Start, ulong End, ulong Bytes);

    // Both ends are inclusive: slices are disjoint in boot time.
    private readonly record struct Window(ulong Start, ulong End);
}
