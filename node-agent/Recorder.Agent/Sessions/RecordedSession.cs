using Recorder.Agent.Identity;
using Recorder.Wire;

namespace Recorder.Agent.Sessions;

/// <summary>Where a session stands.</summary>
internal enum SessionPhase
{
    /// <summary>The kernel has not said yet whether it is a session.</summary>
    Pending,

    /// <summary>It is one; whether it is to be recorded depends on an answer that is under way.</summary>
    Undecided,

    /// <summary>It is recorded.</summary>
    Open,

    /// <summary>The kernel was asked to end what is left of its streams.</summary>
    Closing,

    /// <summary>SESSION_END was written; processes of it may still run.</summary>
    Ended,

    /// <summary>It is not recorded: its records are passed over.</summary>
    Ignored,
}

/// <summary>A session of the kernel's and what became of it.</summary>
internal sealed class RecordedSession(ulong number, ISessionStore store) : IStreamOwner
{
    /// <summary>Its number in this load of the kernel programs.</summary>
    public ulong Number { get; } = number;

    public Guid Id { get; set; }

    public SessionPhase Phase { get; set; }

    /// <summary>The newest snapshot; null until START.</summary>
    public SessionSnapshot? Snapshot { get; set; }

    /// <summary>By <see cref="StreamId"/>; null where the session doesn't have the stream.</summary>
    public RecordedStream?[] Streams { get; } = new RecordedStream?[3];

    /// <summary>Records that came too early, while <see cref="Phase"/> is pending or undecided.</summary>
    public PendingEvents? Waiting { get; set; }

    /// <summary>What was asked about it, until it is answered.</summary>
    public IdentityQuery? Query { get; set; }

    /// <summary>What was lost of each stream before it began, to be said when it does.</summary>
    public OpeningGap?[] Opening { get; } = new OpeningGap?[3];

    public bool KeepsBytes { get; set; } = true;

    /// <summary>The root process's own EXEC, which the kernel sends as part of START; null where nothing is known of it.</summary>
    public ExecFrame? RootExec { get; set; }

    /// <summary>Counts its records, to tell how many never came.</summary>
    public SequenceCount Sequence;

    /// <summary>When it became what it is, by event time.</summary>
    public ulong PhaseTime { get; set; }

    public ulong LastTime { get; set; }

    /// <summary>Processes, as the newest record said; null: not known.</summary>
    public uint? Live { get; set; }

    public bool RootExited { get; set; }

    public ulong RootExitTime { get; set; }

    public int? ExitCode { get; set; }

    public int? Signal { get; set; }

    public ulong RootPid { get; set; }

    public ulong RootStart { get; set; }

    /// <summary>When the kernel's table was last asked about it, by event time.</summary>
    public ulong AskedKernel { get; set; }

    /// <summary>
    /// Whether it goes on from an earlier agent's time at offsets that only the collector knows; until it has told them nothing is written.
    /// </summary>
    public bool AwaitsBase { get; set; }

    /// <summary>Whether all streams have ended.</summary>
    public bool StreamsEnded
    {
        get
        {
            foreach (var stream in Streams)
            {
                if (stream is { IsObserved: true, HasEnded: false })
                    return false;
            }

            return true;
        }
    }

    /// <summary>Whether those streams have ended whose end shows by itself: what the session writes.</summary>
    public bool OutputEnded => HasEnded(StreamId.Out) && HasEnded(StreamId.Err);

    /// <summary>Whether a stream waits to be told how much the collector has of it.</summary>
    public bool AwaitsStored
    {
        get
        {
            foreach (var stream in Streams)
            {
                if (stream is { AwaitsStored: true })
                    return true;
            }

            return false;
        }
    }

    private bool HasEnded(StreamId stream) => Streams[(int)stream] is null or { IsObserved: false } or { HasEnded: true };

    /// <inheritdoc/>
    public void Persist() => store.Save(this, clean: false);
}
