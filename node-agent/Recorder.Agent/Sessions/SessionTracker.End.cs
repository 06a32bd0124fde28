using Recorder.Kernel;
using Recorder.Wire;

namespace Recorder.Agent.Sessions;

/// <summary>How sessions end.</summary>
internal sealed partial class SessionTracker
{
    /// <summary>How long nothing must have happened before the kernel is asked what it knows.</summary>
    private const ulong AskPeriod = Second;

    /// <summary>How long the STREAM_END records may take after the kernel was asked to close a session.</summary>
    private const ulong CloseLimit = 2 * Second;

    /// <summary>How long an ended session's file is kept, for an agent that dies before its last frames have arrived.</summary>
    private const ulong WrittenLimit = 60 * Second;

    /// <summary>Most ended sessions whose files are kept.</summary>
    private const int MostWritten = 1024;

    private readonly Queue<(RecordedSession Session, ulong Time)> _written = [];

    private void Advance(RecordedSession session, ulong time)
    {
        foreach (var stream in session.Streams)
            stream?.AdvanceTo(time);
        switch (session.Phase)
        {
            case SessionPhase.Pending when time > session.PhaseTime + Ticks(_options.StartLimit):
                RescuePending(session, time);
                break;
            case SessionPhase.Undecided when !session.AwaitsBase && time > session.PhaseTime + Ticks(_options.DecisionLimit):
                // The answer, when it comes, still completes the snapshot.
                Decide(session, null, time);
                break;
            case SessionPhase.Open:
                AdvanceOpen(session, time);
                break;
            case SessionPhase.Closing when time > session.PhaseTime + CloseLimit:
                EndByTotals(session, time);
                break;
            case SessionPhase.Ended or SessionPhase.Ignored when time > session.LastTime:
                ForgetIfGone(session, time);
                break;
        }
    }

    /// <summary>All streams have ended and the root has exited: that is the end, at the time of the last of these records.</summary>
    private void EndIfOver(RecordedSession session, ulong time)
    {
        if (session is { Phase: SessionPhase.Open or SessionPhase.Closing, RootExited: true, StreamsEnded: true })
            End(session, time, SessionEndCause.Closed);
    }

    private void AdvanceOpen(RecordedSession session, ulong time)
    {
        EndIfOver(session, time);
        if (session.Phase != SessionPhase.Open)
            return;
        if (!session.RootExited && IsQuiet(session, time))
            NoticeLostExit(session, time);
        // The output's end shows by itself, as a rule; where it doesn't, there is nobody left who could write to it.
        var over = session.OutputEnded
            ? time > session.RootExitTime + (Second / 10)
            : session.Live is 0 && time > session.LastTime + Ticks(_options.EndGrace);
        if (session.RootExited && over)
            Close(session, time);
    }

    private void Close(RecordedSession session, ulong time)
    {
        session.Phase = SessionPhase.Closing;
        session.PhaseTime = time;
        if (!_kernel.Close(session.Number))
            EndByTotals(session, time);
    }

    /// <summary>No STREAM_END came: the kernel's table tells the totals, and what is missing up to them is loss.</summary>
    private void EndByTotals(RecordedSession session, ulong time)
    {
        if (_kernel.TryRead(session.Number, out var state))
        {
            foreach (var stream in session.Streams)
            {
                if (stream is { IsObserved: true })
                    stream.End(time, Math.Max(stream.Next, state.GetTotal((KernelStream)stream.Stream)), StreamEndCause.SessionEnded);
            }
        }

        End(session, time, SessionEndCause.Closed);
    }

    private void End(RecordedSession session, ulong time, SessionEndCause cause)
    {
        foreach (var stream in session.Streams)
        {
            if (stream is { IsObserved: false })
                stream.End(time, 0, StreamEndCause.SessionEnded);
            else
                stream?.Settle();
        }

        session.Phase = SessionPhase.Ended;
        session.PhaseTime = time;
        OpenSessions--;
        Counters.Ended++;
        Counters.LostRecords += session.Sequence.Missing;
        Revise(session, session.Snapshot! with
        {
            State = SessionState.Ended,
            Ended = time,
            ExitCode = session.ExitCode,
            Signal = session.Signal,
        }, time);
        _sink.SessionEnd(session.Id, time, new SessionEndFrame(cause, session.ExitCode, session.Signal, session.Live ?? 0));
        _store.Save(session, clean: false);
    }

    /// <summary>The kernel's table has no processes left although no EXIT of the root came: the record was lost.</summary>
    private void NoticeLostExit(RecordedSession session, ulong time)
    {
        session.AskedKernel = time;
        if (_kernel.TryRead(session.Number, out var state) && state.Live > 0)
            return;
        (session.Live, session.RootExited, session.RootExitTime) = (0, true, time);
    }

    /// <summary>The session's place in the kernel is given back when none of its processes runs and nothing about it is under way.</summary>
    private void ForgetIfGone(RecordedSession session, ulong time)
    {
        if (session.Phase == SessionPhase.Ended && (session.Query is not null || session.AwaitsStored))
            return;
        if (session.Live != 0 && IsQuiet(session, time))
        {
            session.AskedKernel = time;
            session.Live = _kernel.TryRead(session.Number, out var state) ? (uint)Math.Max(state.Live, 0) : 0;
        }

        if (session.Live != 0)
            return;
        _kernel.Forget(session.Number);
        if (session.Id != Guid.Empty)
            _written.Enqueue((session, time));
        _finished.Add(session);
    }

    private void RemoveWritten(ulong time)
    {
        while (_written.Count > MostWritten || (_written.TryPeek(out var oldest) && time > oldest.Time + WrittenLimit))
            _store.Remove(_written.Dequeue().Session.Id);
    }

    private void RescuePending(RecordedSession session, ulong time)
    {
        session.PhaseTime = time;
        if (!_kernel.TryRead(session.Number, out var state))
            _finished.Add(session);
        else if (state.Kind != KernelKind.None)
            BeginWithoutStart(session, state, time);
    }

    private void Remove(RecordedSession session)
    {
        _sessions.Remove(session.Number);
        if (_recent == session)
            _recent = null;
    }

    private static bool IsQuiet(RecordedSession session, ulong time) =>
        time > session.LastTime + AskPeriod && time > session.AskedKernel + AskPeriod;

    private static ulong Ticks(TimeSpan span) => (ulong)span.Ticks * (ulong)TimeSpan.NanosecondsPerTick;
}
