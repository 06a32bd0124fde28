using Microsoft.Extensions.Logging;
using Recorder.Agent.Instance;
using Recorder.Agent.Sessions;
using Recorder.Agent.Uplink;
using Recorder.Wire;

namespace Recorder.Agent.Pipeline;

/// <summary>Begins a new epoch on the tracker's thread when the uplink asks for it.</summary>
internal sealed class EpochTurn(AgentInstance instance, Guid bootId, Action wakeTracker, ILogger logger) : IEpochTurn
{
    private TaskCompletionSource<Hello>? _requested;
    private Hello? _hello;

    public Task<Hello> BeginAsync(Hello last, CancellationToken cancellation)
    {
        TaskCompletionSource<Hello> requested = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _hello = last;
        Volatile.Write(ref _requested, requested);
        wakeTracker();
        return requested.Task.WaitAsync(cancellation);
    }

    /// <summary>On the tracker's thread: does what was asked for, if anything was.</summary>
    public void BeginIfAsked(FrameQueue frames, SessionTracker tracker, ulong now)
    {
        if (Interlocked.Exchange(ref _requested, null) is not { } requested)
            return;
        instance.BeginEpoch(DateTimeOffset.UtcNow);
        frames.BeginEpoch(new BatchBuilder(instance.Origin, instance.Epoch, bootId));
        // The collector may know nothing of sessions that it was told of before.
        tracker.Restate(now);
        logger.EpochBegun(instance.Epoch, instance.PreviousEpoch ?? Guid.Empty);
        requested.SetResult(_hello! with { Epoch = instance.Epoch, PreviousEpoch = instance.PreviousEpoch });
    }
}
