using Microsoft.Extensions.Logging;
using Recorder.Agent.Configuration;
using Recorder.Agent.Identity;
using Recorder.Agent.Instance;
using Recorder.Agent.Pipeline;
using Recorder.Agent.Sessions;
using Recorder.Agent.Systemd;
using Recorder.Agent.Uplink;
using Recorder.Kernel;
using Recorder.Wire;

namespace Recorder.Agent.Hosting;

/// <summary>
/// The parts between the kernel's ring and the collector: ring thread → slabs → tracker thread → batches → uplink. Built, started and
/// stopped in that order, so that whatever is behind a part still runs when the part hands over its last.
/// </summary>
internal sealed class AgentPipeline : IDisposable
{
    // 16 MiB between the two threads; the kernel's own ring is what absorbs bursts.
    private const int Slabs = 16;

    private static readonly TimeSpan AbortLimit = TimeSpan.FromSeconds(5);

    private readonly AgentOptions _options;
    private readonly KernelCapture _capture;
    private readonly IdentityService _identity;
    private readonly ILogger _logger;
    private readonly SlabQueue _slabs = new(Slabs);
    private readonly BatchQueue _batches = new();
    private readonly FrameQueue _frames;
    private readonly SessionTracker _tracker;
    private readonly SessionStore _store;
    private readonly TrackerLoop _trackerLoop;
    private readonly RingWriter _ring;
    private readonly CollectorUplink _uplink;
    private readonly CancellationTokenSource _aborting = new();
    private readonly Guid _bootId = NodeFacts.ReadBootId();
    private BackgroundLoop? _trackerThread;
    private BackgroundLoop? _uplinkTask;
    private BackgroundLoop? _identityTask;
    private BackgroundLoop? _ringThread;

    public AgentPipeline(
        AgentOptions options, AgentInstance instance, KernelCapture capture, IdentityService identity, ServiceNotifier notifier, ILogger logger)
    {
        (_options, _capture, _identity, _logger) = (options, capture, identity, logger);
        UplinkReport report = new();
        _frames = new FrameQueue(
            instance.Origin, new BatchBuilder(instance.Origin, instance.Epoch, _bootId), _batches,
            new FrameQueueLimits(options.QueueBytes, options.BatchBytes, options.BatchInterval), TimeProvider.System, logger);
        _store = new SessionStore(instance.State.File("sessions"), _bootId, capture.LoadTime);
        _tracker = new SessionTracker(TrackerOptionsFrom(options), _frames, new KernelSessionTable(capture), _store, identity, TimeProvider.System);
        StoredHeads heads = new(_tracker, _slabs.Wake);
        EpochTurn epochs = new(instance, _bootId, _slabs.Wake, logger);
        Heartbeat heartbeat = new(options, capture, _tracker, _store, _frames, _slabs, report, notifier, logger);
        _trackerLoop = new TrackerLoop(_slabs, _tracker, _frames, heads, epochs, heartbeat);
        _ring = new RingWriter(_slabs, _aborting.Token);
        _uplink = new CollectorUplink(options, NodeFacts.Greeting(options, instance, _bootId), _batches, heads, epochs, report, TimeProvider.System, logger);
    }

    /// <summary>The threads and tasks that must go on; each ends with its failure.</summary>
    public IReadOnlyList<BackgroundLoop> Loops { get; private set; } = [];

    /// <summary>True while the ring's and the tracker's thread were seen lately.</summary>
    public bool IsAlive(TimeSpan limit)
    {
        // A ring thread that waits for room is as alive as the tracker that has to make it.
        long oldest = Environment.TickCount64 - (long)limit.TotalMilliseconds;
        return _trackerLoop.LastSeen > oldest && (_ring.LastSeen > oldest || _slabs.IsWriterWaiting);
    }

    /// <summary>Attaches everything; returns when what already runs was found.</summary>
    /// <exception cref="CaptureException">A required program can't be attached; everything has ended again.</exception>
    public void Start()
    {
        try
        {
            StartLoops();
        }
        catch
        {
            Abort();
            throw;
        }
    }

    private void StartLoops()
    {
        _tracker.Adopt(_store.Load(), _capture.Adopted ? _capture.ReadSessions() : [], _capture.Retired, NodeClock.BootTime);
        _trackerThread = BackgroundLoop.StartThread("tracker", _trackerLoop.Run, _logger, _aborting.Token);
        _uplinkTask = BackgroundLoop.StartTask("uplink", _uplink.RunAsync, _logger, _aborting.Token);
        // Nobody makes room any more: the ring's thread must not wait for it for ever.
        _trackerThread.Ended.ContinueWith(_ => _aborting.Cancel(), CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        _identityTask = BackgroundLoop.StartTask("identity", _identity.RunAsync, _logger, _aborting.Token);
        _capture.Start(_ring);
        _ringThread = BackgroundLoop.StartTask("ring", _ => _capture.Completion, _logger, CancellationToken.None);
    }

    /// <summary>Completes when a thread or task that must go on has ended, for whatever reason.</summary>
    public Task WhenAnyEndedAsync() => Task.WhenAny(_trackerThread!.Ended, _uplinkTask!.Ended, _identityTask!.Ended, _ringThread!.Ended);

    /// <summary>Takes what the kernel still has, ships it within the limit, and leaves the sessions' state for the next agent.</summary>
    public async Task StopAsync()
    {
        _capture.Stop(keepPinned: _options.OnStop == StopAction.Keep);
        _slabs.Complete();
        await _trackerThread!.Ended;
        await Task.WhenAny(_batches.WhenEmptyAsync(), Task.Delay(_options.DrainTimeout));
        if (_batches.Frames == 0)
        {
            _logger.Stopped();
        }
        else
        {
            _tracker.Unsettle();
            _logger.StoppedUndrained(_batches.Frames, _batches.Bytes, _options.DrainTimeout);
        }

        await _aborting.CancelAsync();
        await Task.WhenAll(_uplinkTask!.Ended, _identityTask!.Ended);
    }

    /// <summary>Ends without handing anything over: a part has failed. The next agent finds the sessions as they were last stored.</summary>
    public void Abort()
    {
        _aborting.Cancel();
        _capture.Stop(keepPinned: _options.OnStop == StopAction.Keep);
        _slabs.Complete();
        // What they use is disposed next; a thread that is stuck must not keep the process from ending.
        Task.WhenAny(Task.WhenAll(Running().Select(loop => loop.Ended)), Task.Delay(AbortLimit)).GetAwaiter().GetResult();
    }

    private IEnumerable<BackgroundLoop> Running() => new[] { _trackerThread, _uplinkTask, _identityTask }.OfType<BackgroundLoop>();

    public void Dispose()
    {
        _aborting.Cancel();
        _frames.Dispose();
        _batches.Dispose();
        _slabs.Dispose();
        _aborting.Dispose();
    }

    private TrackerOptions TrackerOptionsFrom(AgentOptions options) => new()
    {
        BootId = _bootId,
        LoadTime = _capture.LoadTime,
        Cluster = options.Cluster,
        Node = options.NodeName,
        Policy = RecordingPolicy.From(options),
        MaskEchoOff = options.MaskEchoOff,
    };
}
