using Recorder.Kernel;
using Recorder.Wire;

namespace Recorder.Agent.Sessions;

/// <summary>How sessions go on under a new load of the kernel programs, which number them anew.</summary>
internal sealed partial class SessionTracker
{
    /// <summary>A session of an earlier load of the programs that the new ones have found again, by its root process.</summary>
    private bool TryContinue(RecordedSession session, ulong time)
    {
        if (!_restorable.Remove((session.RootPid, session.RootStart), out var found))
            return false;
        if (found.Stored.Ended)
        {
            session.Phase = SessionPhase.Ignored;
            ReleaseWaiting(session);
            return true;
        }

        Known(found.Stored, session);
        session.RootExec = null;
        session.Snapshot = session.Snapshot! with { Revision = session.Snapshot.Revision + 1 };
        session.Query = null;
        Array.Clear(session.Opening);
        session.AwaitsBase = !found.Stored.Clean && found.Final is null;
        session.Phase = SessionPhase.Undecided;
        foreach (var item in found.Stored.Streams)
            ContinueStream(session, found, item, time);
        if (!session.AwaitsBase)
            Reopen(session, time);
        return true;
    }

    private void ContinueStream(RecordedSession session, Restorable found, StoredStream item, ulong time)
    {
        var stream = session.Streams[(int)item.Stream] ??= NewStream(session, item.Stream, item.IsTerminal, item.IsObserved);
        if (item.HasEnded)
            stream.MarkEnded(item, ask: !found.Stored.Clean, found.Stored.LastTime, time);
        else if (item.IsObserved && found.Final is { } final)
            stream.ContinueRetired(time, item, final.GetTotal((KernelStream)item.Stream), found.Stored.Clean, found.Stored.LastTime);
        else if (found.Stored.Clean)
            stream.ContinueAt(item.Next + item.Shift);
    }

    /// <summary>Nobody watched between the two loads of the programs: a gap of unknown length says so.</summary>
    private void Reopen(RecordedSession session, ulong time)
    {
        foreach (var stream in session.Streams)
        {
            if (stream is { IsObserved: true, HasEnded: false })
                stream.Missed(time, stream.Next, null, GapReason.AgentDown, GapPlace.Agent, session.Snapshot!.Started);
        }

        RequestAgain(session);
        Open(session, time);
    }
}
