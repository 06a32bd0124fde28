using Recorder.Agent.Identity;
using Recorder.Kernel;
using Recorder.Wire;

namespace Recorder.Agent.Sessions;

/// <summary>How sessions go on after the agent was down.</summary>
internal sealed partial class SessionTracker
{
    private readonly Dictionary<(ulong Pid, ulong Start), Restorable> _restorable = [];
    private readonly List<RecordedSession> _settling = [];
    private ulong _restorableUntil;

    /// <summary>
    /// Takes over what an earlier agent left, before the first record: sessions that the kernel still has go on under their ids, others
    /// are looked for by their root process when the scan finds it.
    /// </summary>
    /// <param name="stored">The session store's.</param>
    /// <param name="kernel">The kernel's table.</param>
    /// <param name="retired">Layouts of earlier agents with the last state of their tables.</param>
    /// <param name="now">CLOCK_BOOTTIME nanoseconds.</param>
    public void Adopt(
        IReadOnlyList<StoredSession> stored, IReadOnlyList<KernelSessionEntry> kernel, IReadOnlyList<RetiredLayout> retired, ulong now)
    {
        var states = kernel.ToDictionary(entry => entry.Session, entry => entry.State);
        foreach (var session in stored)
        {
            if (session.Ended && (session.LoadTime != _options.LoadTime || !states.ContainsKey(session.Number)))
                Settle(session, now);
            else if (session.LoadTime != _options.LoadTime)
                _restorable[(session.RootPid, session.RootStart)] = new Restorable(session, FinalOf(session, retired));
            else if (states.Remove(session.Number, out var state))
                Restore(session, state, now);
            else
                EndVanished(session, now);
        }

        // Sessions of which nothing is stored: their START is still in the ring, or was lost with the earlier agent.
        foreach (var number in states.Keys)
            _sessions.Add(number, new RecordedSession(number, _store) { PhaseTime = now, Waiting = new PendingEvents(_options.PendingBytes) });
        _restorableUntil = now + Ticks(_options.StartLimit);
    }

    /// <summary>Sessions of which the collector has to be asked how much it has (HEADS).</summary>
    public IReadOnlyList<Guid> AwaitingHeads() =>
        [.. _sessions.Values.Concat(_settling).Where(session => session.AwaitsStored || session.AwaitsBase).Select(session => session.Id)];

    /// <summary>What the collector has of a session that it was asked for; null: nothing.</summary>
    public void OnStoredHeads(Guid id, SubjectHead? head)
    {
        if (FindLive(id) is not { } session)
            return;
        var time = Math.Max(_advanced, session.LastTime);
        if (session.AwaitsBase)
        {
            session.AwaitsBase = false;
            foreach (var stream in session.Streams)
                stream?.ContinueAt(EndOf(head, stream.Stream));
            Reopen(session, time);
            return;
        }

        foreach (var stream in session.Streams)
            stream?.Stored(time, EndOf(head, stream.Stream));
        if (_settling.Remove(session))
            _written.Enqueue((session, time));
    }

    /// <summary>The agent stops and what it was given is written: stores everything so that the next one goes on without a gap.</summary>
    public void Suspend(ulong time)
    {
        AdvanceTo(time);
        foreach (var session in _sessions.Values)
        {
            if (session.Phase == SessionPhase.Undecided && !session.AwaitsBase)
                Decide(session, null, time);
            if (session.Phase is not (SessionPhase.Open or SessionPhase.Closing or SessionPhase.Ended))
                continue;
            foreach (var stream in session.Streams)
                stream?.Suspend();
            _store.Save(session, clean: !session.AwaitsStored);
        }

        foreach (var (session, _) in _written)
            _store.Remove(session.Id);
        Probes.Write(time);
    }

    /// <summary>Says again what is known of every session that is open: what was said before may be gone.</summary>
    public void Restate(ulong time)
    {
        foreach (var session in _sessions.Values)
        {
            if (session.Phase is not (SessionPhase.Open or SessionPhase.Closing))
                continue;
            session.Snapshot = session.Snapshot! with { Revision = session.Snapshot.Revision + 1 };
            session.Persist();
            _sink.Session(session.Id, time, session.Snapshot);
        }
    }

    /// <summary>Behind <see cref="Suspend"/>: frames were lost on their way after all, so the next agent has to ask what arrived.</summary>
    public void Unsettle()
    {
        foreach (var session in _sessions.Values)
        {
            if (session.Phase is SessionPhase.Open or SessionPhase.Closing or SessionPhase.Ended)
                _store.Save(session, clean: false);
        }

        foreach (var (session, _) in _written)
            _store.Save(session, clean: false);
    }

    private static KernelSession? FinalOf(StoredSession session, IReadOnlyList<RetiredLayout> retired)
    {
        foreach (var layout in retired)
        {
            if (layout.LoadTime != session.LoadTime)
                continue;
            foreach (var entry in layout.Sessions)
            {
                if (entry.Session == session.Number)
                    return entry.State;
            }
        }

        return null;
    }

    private static ulong EndOf(SubjectHead? head, StreamId stream)
    {
        foreach (var item in head?.Streams ?? [])
        {
            if (item.Stream == stream)
                return item.End;
        }

        return 0;
    }

    private void Restore(StoredSession stored, in KernelSession state, ulong now)
    {
        var session = Known(stored, new RecordedSession(stored.Number, _store));
        session.Phase = stored.Ended ? SessionPhase.Ended : SessionPhase.Open;
        session.RootExited = stored.RootExited;
        (session.ExitCode, session.Signal) = (stored.Snapshot.ExitCode, stored.Snapshot.Signal);
        session.Live = (uint)Math.Max(state.Live, 0);
        (session.PhaseTime, session.LastTime) = (now, stored.LastTime);
        _sessions.Add(session.Number, session);
        OpenSessions += stored.Ended ? 0 : 1;
        foreach (var item in stored.Streams)
        {
            var stream = session.Streams[(int)item.Stream] = NewStream(session, item.Stream, item.IsTerminal, item.IsObserved);
            if (item.HasEnded)
                stream.MarkEnded(item, ask: !stored.Clean, stored.LastTime, now);
            else if (stored.Clean || !item.IsObserved)
                stream.Continue(item.Next, item.Shift);
            else
                stream.ContinueAfterCrash(item, stored.LastTime);
        }

        if (!stored.Clean)
            Repeat(session, now);
        RequestAgain(session);
    }

    /// <summary>A session that had ended when the earlier agent went down: it is said again, and asked how much of it arrived.</summary>
    private void Settle(StoredSession stored, ulong now)
    {
        if (stored.Clean)
        {
            _store.Remove(stored.Id);
            return;
        }

        var session = Known(stored, new RecordedSession(stored.Number, _store));
        session.Phase = SessionPhase.Ended;
        (session.RootExited, session.Live, session.LastTime) = (true, 0, stored.LastTime);
        (session.ExitCode, session.Signal) = (stored.Snapshot.ExitCode, stored.Snapshot.Signal);
        foreach (var item in stored.Streams)
        {
            // One whose end nobody ever learnt has nothing to be said again.
            if (!item.HasEnded)
                continue;
            var stream = session.Streams[(int)item.Stream] = NewStream(session, item.Stream, item.IsTerminal, item.IsObserved);
            stream.MarkEnded(item, ask: true, stored.LastTime, now);
        }

        Repeat(session, now);
        _settling.Add(session);
    }

    /// <summary>What the earlier agent may have said last, and nobody may have heard.</summary>
    private void Repeat(RecordedSession session, ulong now)
    {
        session.Snapshot = session.Snapshot! with { Revision = session.Snapshot.Revision + 1 };
        session.Persist();
        _sink.Session(session.Id, now, session.Snapshot);
        foreach (var stream in session.Streams)
        {
            if (stream is { HasEnded: true })
                stream.RepeatEnd(now);
        }

        if (session.Phase == SessionPhase.Ended)
            _sink.SessionEnd(session.Id, now, new SessionEndFrame(SessionEndCause.Closed, session.ExitCode, session.Signal, session.Live ?? 0));
    }

    private void RequestAgain(RecordedSession session)
    {
        var snapshot = session.Snapshot!;
        session.Query = new IdentityQuery
        {
            Session = session.Number,
            Kind = snapshot.Kind == SessionKind.Terminal ? KernelKind.Terminal : KernelKind.Exec,
            Container = snapshot.Container?.Id ?? "",
            Cgroup = snapshot.Container?.Cgroup ?? "",
            Pid = (int)session.RootPid,
            Uid = (uint)(snapshot.User?.Uid ?? 0),
            NeedsProcess = snapshot.Command is null || snapshot.Exe is null,
        };
        _resolver.Request(session.Query);
    }

    private void EndVanished(StoredSession stored, ulong now)
    {
        if (!stored.Ended)
        {
            var ended = stored.Snapshot with { Revision = stored.Snapshot.Revision + 1, State = SessionState.Ended, Ended = now };
            _sink.Session(stored.Id, now, ended);
            _sink.SessionEnd(stored.Id, now, new SessionEndFrame(SessionEndCause.NotObserved, null, null, 0));
        }

        _store.Remove(stored.Id);
    }

    private void ExpireRestorable(ulong time)
    {
        if (_restorable.Count == 0 || time < _restorableUntil)
            return;
        foreach (var found in _restorable.Values)
            EndVanished(found.Stored, time);
        _restorable.Clear();
    }

    private static RecordedSession Known(StoredSession stored, RecordedSession session)
    {
        session.Id = stored.Id;
        session.Snapshot = stored.Snapshot;
        session.KeepsBytes = stored.Snapshot.Depth != SessionDepth.Metadata;
        (session.RootPid, session.RootStart) = (stored.RootPid, stored.RootStart);
        return session;
    }

    /// <summary>A session of an earlier load.</summary>
    /// <param name="Stored">As it was stored.</param>
    /// <param name="Final">The kernel's last state of it; null where that is gone.</param>
    private sealed record Restorable(StoredSession Stored, KernelSession? Final);
}
