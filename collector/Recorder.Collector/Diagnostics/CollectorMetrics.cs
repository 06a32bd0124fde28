using System.Collections.Concurrent;
using Recorder.Collector.Web;
using Recorder.Wire;

namespace Recorder.Collector.Diagnostics;

/// <summary>Counts since this collector started; every member may be called from any thread.</summary>
internal sealed class CollectorMetrics
{
    private readonly ConcurrentDictionary<string, long> _refused = new();
    private readonly ConcurrentDictionary<GapReason, (long Gaps, long Bytes)> _losses = new();
    private readonly ConcurrentDictionary<(string Cluster, string Node), double> _heartbeats = new();
    private long _connections;
    private long _connectionsEver;
    private long _batches;
    private long _frames;
    private long _bytes;
    private long _insertFailures;

    public LatencySummary Inserts { get; } = new();

    public void ConnectionOpened()
    {
        Interlocked.Increment(ref _connections);
        Interlocked.Increment(ref _connectionsEver);
    }

    public void ConnectionClosed() => Interlocked.Decrement(ref _connections);

    public void BatchStored(long frames, long bytes)
    {
        Interlocked.Increment(ref _batches);
        Interlocked.Add(ref _frames, frames);
        Interlocked.Add(ref _bytes, bytes);
    }

    public void Refused(string code) => _refused.AddOrUpdate(code, 1, static (_, n) => n + 1);

    /// <summary>A stored GAP frame; <paramref name="bytes"/> is 0 where the length is not known.</summary>
    public void Lost(GapReason reason, long bytes) =>
        _losses.AddOrUpdate(reason, static (_, b) => (1, b), static (_, old, b) => (old.Gaps + 1, old.Bytes + b), bytes);

    public void Heartbeat(string cluster, string node, DateTimeOffset at) => _heartbeats[(cluster, node)] = at.ToUnixTimeMilliseconds() / 1000.0;

    public void InsertFailed() => Interlocked.Increment(ref _insertFailures);

    public void WriteTo(PrometheusText text)
    {
        Single(text, "recorder_ingest_connections", "gauge", "Connections of node agents now.", _connections);
        Single(text, "recorder_ingest_connections_total", "counter", "Connections accepted.", _connectionsEver);
        Single(text, "recorder_ingest_batches_total", "counter", "Batches stored.", _batches);
        Single(text, "recorder_ingest_frames_total", "counter", "Frames stored.", _frames);
        Single(text, "recorder_ingest_bytes_total", "counter", "Bytes of the batches stored.", _bytes);
        Single(text, "recorder_insert_failures_total", "counter", "Inserts that the store did not confirm.", _insertFailures);

        text.Family("recorder_ingest_refused_total", "counter", "Connections refused, by code.");
        foreach (var (code, count) in _refused.OrderBy(static pair => pair.Key, StringComparer.Ordinal)) text.Sample("recorder_ingest_refused_total", count, ("code", code));

        WriteInserts(text);
        WriteLosses(text);
        text.Family("recorder_node_last_heartbeat_timestamp_seconds", "gauge", "When a node's last heartbeat arrived, seconds since 1970.");
        foreach (var ((cluster, node), at) in _heartbeats.OrderBy(static pair => pair.Key))
            text.Sample("recorder_node_last_heartbeat_timestamp_seconds", at, ("cluster", cluster), ("node", node));
    }

    private static void Single(PrometheusText text, string name, string type, string help, long value) => text.Family(name, type, help).Sample(name, value);

    private void WriteInserts(PrometheusText text)
    {
        var (count, sum, quantiles) = Inserts.Read(0.5, 0.9, 0.99);
        text.Family("recorder_insert_seconds", "summary", "Time until the store confirmed an insert, quantiles over the last 1024.")
            .Sample("recorder_insert_seconds", quantiles[0], ("quantile", "0.5"))
            .Sample("recorder_insert_seconds", quantiles[1], ("quantile", "0.9"))
            .Sample("recorder_insert_seconds", quantiles[2], ("quantile", "0.99"))
            .Sample("recorder_insert_seconds_sum", sum)
            .Sample("recorder_insert_seconds_count", count);
    }

    private void WriteLosses(PrometheusText text)
    {
        var losses = _losses.OrderBy(static pair => pair.Key).ToArray();
        text.Family("recorder_lost_bytes_total", "counter", "Bytes that GAP frames of known length stand for, by reason.");
        foreach (var (reason, (_, bytes)) in losses) text.Sample("recorder_lost_bytes_total", bytes, ("reason", ApiNames.Of(reason)));
        text.Family("recorder_gaps_total", "counter", "GAP frames stored, by reason.");
        foreach (var (reason, (gaps, _)) in losses) text.Sample("recorder_gaps_total", gaps, ("reason", ApiNames.Of(reason)));
    }
}
