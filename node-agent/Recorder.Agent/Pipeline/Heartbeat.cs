using System.Text;
using Microsoft.Extensions.Logging;
using Recorder.Agent.Configuration;
using Recorder.Agent.Hosting;
using Recorder.Agent.Sessions;
using Recorder.Agent.Systemd;
using Recorder.Agent.Uplink;
using Recorder.Kernel;
using Recorder.Wire;

namespace Recorder.Agent.Pipeline;

/// <summary>Says every ten seconds how the node is: a NODE frame for the collector, a line for the service manager. On the tracker's thread.</summary>
internal sealed class Heartbeat(
    AgentOptions options,
    KernelCapture capture,
    SessionTracker tracker,
    SessionStore store,
    FrameQueue frames,
    SlabQueue slabs,
    UplinkReport uplink,
    ServiceNotifier notifier,
    ILogger logger)
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    private static readonly (KernelCounter Counter, string Name)[] KernelCounters =
        [.. Enum.GetValues<KernelCounter>().Select(counter => (counter, "kernel_" + SnakeCase(counter.ToString())))];

    private long _next = Environment.TickCount64;
    private long _storeFailures;

    /// <summary>True when a beat was due; it was given.</summary>
    public bool BeatIfDue()
    {
        if (Environment.TickCount64 < _next)
            return false;
        Beat();
        return true;
    }

    public void Beat()
    {
        _next = Environment.TickCount64 + (long)Period.TotalMilliseconds;
        frames.Node(NodeClock.BootTime, new NodeFrame
        {
            Programs = [.. capture.Programs.Select(program => new Wire.ProgramState(program.Name, SnakeCase(program.State.ToString()), program.Reason))],
            Counters = ReadCounters(),
            Sessions = (ulong)tracker.OpenSessions,
            Capture = options.Capture.ToString().ToLowerInvariant(),
            RingBytes = (ulong)options.RingBytes,
            QueueBytes = (ulong)options.QueueBytes,
            QueuedBytes = (ulong)frames.UsedBytes,
        });
        notifier.Status($"{tracker.OpenSessions} sessions open, collector {SnakeCase(uplink.State.ToString())}, {frames.UsedBytes} bytes queued");
        ReportStore();
    }

    private Dictionary<string, ulong> ReadCounters()
    {
        Dictionary<string, ulong> counters = [];
        AddKernel(counters);
        AddAgent(counters);
        return counters;
    }

    private void AddKernel(Dictionary<string, ulong> counters)
    {
        try
        {
            KernelCounters read = capture.ReadCounters();
            foreach ((KernelCounter counter, string name) in KernelCounters)
                counters[name] = read[counter];
        }
        catch (ObjectDisposedException)
        {
            // The last beat comes when capture has stopped already.
        }

        CaptureFailures failures = capture.Failures;
        counters["capture_map_failures"] = (ulong)failures.MapOperations;
        counters["capture_attach_failures"] = (ulong)failures.Attaches;
        counters["capture_malformed_records"] = (ulong)failures.MalformedRecords;
        counters["capture_handler_failures"] = (ulong)failures.Handler;
        counters["capture_poll_failures"] = (ulong)failures.Polls;
    }

    private void AddAgent(Dictionary<string, ulong> counters)
    {
        TrackerCounters tracked = tracker.Counters;
        counters["sessions_begun"] = (ulong)tracked.Begun;
        counters["sessions_ended"] = (ulong)tracked.Ended;
        counters["sessions_ignored"] = (ulong)tracked.Ignored;
        counters["sessions_dropped"] = (ulong)tracked.Dropped;
        counters["sessions_without_start"] = (ulong)tracked.WithoutStart;
        counters["lost_records"] = tracked.LostRecords;
        counters["pending_overflow"] = (ulong)tracked.PendingOverflow;
        counters["discarded_bytes"] = tracked.DiscardedBytes;
        counters["malformed_records"] = (ulong)tracked.Malformed;
        counters["probes"] = (ulong)tracker.Probes.Total;
        counters["frames"] = frames.Frames;
        counters["queue_dropped_bytes"] = (ulong)frames.DroppedBytes;
        counters["queue_lost_frames"] = (ulong)frames.LostFrames;
        counters["ring_stalls"] = (ulong)slabs.Stalls;
        counters["store_failures"] = (ulong)store.Failures;
        counters["uplink_connections"] = (ulong)uplink.Connections;
        counters["uplink_batches"] = (ulong)uplink.Batches;
        counters["uplink_bytes"] = (ulong)uplink.BatchBytes;
        counters["uplink_refusals"] = (ulong)uplink.Refusals;
    }

    private void ReportStore()
    {
        if (store.Failures == _storeFailures)
            return;
        _storeFailures = store.Failures;
        logger.SessionStoreFailing(_storeFailures, store.LastFailure ?? "");
    }

    private static string SnakeCase(string name)
    {
        StringBuilder snake = new();
        foreach (char letter in name)
        {
            if (char.IsAsciiLetterUpper(letter) && snake.Length > 0)
                snake.Append('_');
            snake.Append(char.ToLowerInvariant(letter));
        }

        return snake.ToString();
    }
}
