namespace Recorder.Storage;

/// <summary>Reads what nodes say about themselves.</summary>
internal sealed class OriginReader(ClickHouseClient client)
{
    public async Task<IReadOnlyList<OriginRecord>> OriginsAsync(CancellationToken cancellation)
    {
        List<OriginRecord> hellos = await client.ListAsync(
            "SELECT origin, seen, cluster, node, node_uid, boot_id, epoch, agent, kernel, architecture FROM origins FINAL", null, ReadHello, cancellation)
            .ConfigureAwait(false);
        List<OriginRecord> heartbeats = await client.ListAsync(
            """
            SELECT origin, ts, sessions, capture, ring_bytes, queue_bytes, queued_bytes, arrayZip(program_names, program_states, program_details), counters
            FROM heartbeats WHERE (origin, ts) IN (SELECT origin, max(ts) FROM heartbeats GROUP BY origin) LIMIT 1 BY origin
            """, null, ReadHeartbeat, cancellation).ConfigureAwait(false);
        var probes = await ProbesAsync(cancellation).ConfigureAwait(false);
        var unrecordable = await UnrecordableAsync(cancellation).ConfigureAwait(false);

        Dictionary<Guid, OriginRecord> origins = hellos.ToDictionary(origin => origin.Id);
        foreach (OriginRecord heartbeat in heartbeats)
            origins[heartbeat.Id] = origins.TryGetValue(heartbeat.Id, out OriginRecord? hello) ? Merge(hello, heartbeat) : heartbeat;
        return [.. origins.Values.OrderBy(origin => origin.Node, StringComparer.Ordinal).ThenBy(origin => origin.Id)
            .Select(origin => origin with { Probes = [.. probes[origin.Id]], Unrecordable = [.. unrecordable[origin.Id]] })];
    }

    // Counts are since the agent's start, which begins an epoch: the newest row of each, summed.
    private async Task<ILookup<Guid, OriginProbe>> ProbesAsync(CancellationToken cancellation) =>
        (await client.ListAsync(
            """
            SELECT origin, namespace, pod, container, container_id, command, sum(count), min(first), max(last) FROM probes FINAL
            GROUP BY origin, namespace, pod, container, container_id, command ORDER BY namespace, pod, container, command
            """, null,
            (ref RowReader row) => (Origin: row.Uuid(), Probe: new OriginProbe(
                row.Text(), row.Text(), row.Text(), row.Text(), row.Texts(), row.UInt64(), row.NullableInt64(), row.NullableInt64())),
            cancellation).ConfigureAwait(false)).ToLookup(row => row.Origin, row => row.Probe);

    private async Task<ILookup<Guid, OriginUnrecordable>> UnrecordableAsync(CancellationToken cancellation) =>
        (await client.ListAsync(
            """
            SELECT origin, namespace, pod, container, container_id, runtime, reason, ts FROM unrecordable FINAL ORDER BY namespace, pod, container
            """, null,
            (ref RowReader row) => (Origin: row.Uuid(), Item: new OriginUnrecordable(
                row.Text(), row.Text(), row.Text(), row.Text(), row.Text(), row.Text(), row.Int64())),
            cancellation).ConfigureAwait(false)).ToLookup(row => row.Origin, row => row.Item);

    private static OriginRecord Merge(OriginRecord hello, OriginRecord heartbeat) => hello with
    {
        LastHeartbeat = heartbeat.LastHeartbeat,
        Sessions = heartbeat.Sessions,
        Capture = heartbeat.Capture,
        RingBytes = heartbeat.RingBytes,
        QueueBytes = heartbeat.QueueBytes,
        QueuedBytes = heartbeat.QueuedBytes,
        Programs = heartbeat.Programs,
        Counters = heartbeat.Counters,
    };

    private static OriginRecord ReadHello(ref RowReader row) => new()
    {
        Id = row.Uuid(),
        ConnectedAt = row.Int64(),
        Cluster = row.Text(),
        Node = row.Text(),
        NodeUid = row.Text(),
        BootId = row.Uuid(),
        Epoch = row.Uuid(),
        Agent = row.Text(),
        Kernel = row.Text(),
        Architecture = row.Text(),
    };

    private static OriginRecord ReadHeartbeat(ref RowReader row) => new()
    {
        Id = row.Uuid(),
        LastHeartbeat = row.Int64(),
        Sessions = row.NullableUInt64(),
        Capture = row.Text(),
        RingBytes = row.NullableUInt64(),
        QueueBytes = row.NullableUInt64(),
        QueuedBytes = row.NullableUInt64(),
        Programs = ReadPrograms(ref row),
        Counters = ReadCounters(ref row),
    };

    private static OriginProgram[] ReadPrograms(ref RowReader row)
    {
        var programs = new OriginProgram[row.Count()];
        for (int i = 0; i < programs.Length; i++) programs[i] = new OriginProgram(row.Text(), row.Text(), row.Text());
        return programs;
    }

    private static Dictionary<string, ulong> ReadCounters(ref RowReader row)
    {
        var counters = new Dictionary<string, ulong>();
        for (int left = row.Count(); left > 0; left--)
        {
            string name = row.Text();
            counters[name] = row.UInt64();
        }
        return counters;
    }
}
