using System.Runtime.InteropServices;
using Recorder.Agent.Hosting;
using Recorder.Agent.Sessions;
using Recorder.Kernel;

namespace Recorder.Agent.Pipeline;

/// <summary>The thread that owns the tracker and the frame queue: everything about sessions happens here, in the order of the ring.</summary>
internal sealed class TrackerLoop(SlabQueue slabs, SessionTracker tracker, FrameQueue frames, StoredHeads heads, EpochTurn epochs, Heartbeat heartbeat)
{
    // Between two looks at the clock: a batch's interval and the heartbeat are kept under full load too.
    private const int RecordsAtOnce = 1024;

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    private long _lastSeen = Environment.TickCount64;

    /// <summary>When the thread was last seen, milliseconds of <see cref="Environment.TickCount64"/>.</summary>
    public long LastSeen => Volatile.Read(ref _lastSeen);

    /// <summary>Runs until the ring's side has completed and everything is tracked, then stores the sessions for the next agent.</summary>
    public void Run(CancellationToken aborting)
    {
        while (true)
        {
            aborting.ThrowIfCancellationRequested();
            Volatile.Write(ref _lastSeen, Environment.TickCount64);
            bool more = TrackSome();
            heads.TakeAnswers();
            epochs.BeginIfAsked(frames, tracker, NodeClock.BootTime);
            frames.CutIfDue();
            if (heartbeat.BeatIfDue())
                heads.Refresh();
            if (more)
                continue;
            if (slabs.IsDrained)
                break;
            slabs.Wait(UntilNext());
        }

        tracker.Suspend(NodeClock.BootTime);
        heartbeat.Beat();
        frames.CutAll();
    }

    private bool TrackSome()
    {
        for (int i = 0; i < RecordsAtOnce; i++)
        {
            if (!slabs.TryRead(out ReadOnlySpan<byte> record))
                return false;
            ref readonly KernelEvent e = ref MemoryMarshal.AsRef<KernelEvent>(record);
            if (e.Type == RingWriter.Mark)
                tracker.AdvanceTo(e.Time);
            else
                tracker.Handle(in e, record[KernelEvent.Size..]);
        }

        return true;
    }

    private TimeSpan UntilNext()
    {
        TimeSpan wait = frames.UntilCut ?? LongestWait;
        return wait < LongestWait ? wait : LongestWait;
    }
}
