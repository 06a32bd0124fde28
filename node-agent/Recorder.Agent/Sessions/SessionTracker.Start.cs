using Recorder.Agent.Configuration;
using Recorder.Agent.Identity;
using Recorder.Agent.Processes;
using Recorder.Kernel;
using Recorder.Wire;

namespace Recorder.Agent.Sessions;

/// <summary>How sessions begin.</summary>
internal sealed partial class SessionTracker
{
    private const ulong TerminalBegin = 2_000_000; // ns

    private void Begin(RecordedSession session, in KernelEvent e, ReadOnlySpan<byte> payload)
    {
        if (!StartView.TryParse(payload, out var view))
        {
            Counters.Malformed++;
            return;
        }

        // An adopted ring may say again what the agent before has read already.
        if (session.Phase != SessionPhase.Pending)
            return;
        ref readonly var process = ref view.Process.Process;
        (session.RootPid, session.RootStart) = (process.Pid, process.StartTime);
        session.Snapshot = SessionFacts.FromStart(view, e.Time, ParentOf(view.Start.ParentSession), _options, _filter);
        session.RootExec = ProcessFrames.ToFrame(view.Process, _filter);
        session.Query = QueryOf(session, view);
        AddStreams(session, view.Start);
        if (!TryContinue(session, e.Time))
            Introduce(session, e.Time);
    }

    /// <summary>Finds out whether and how the session is to be recorded, or waits for the answer.</summary>
    private void Introduce(RecordedSession session, ulong time)
    {
        session.PhaseTime = time;
        if (_resolver.Find(session.Query!) is { } identity)
        {
            session.Query = null;
            Decide(session, identity, time);
            return;
        }

        _resolver.Request(session.Query!);
        session.Phase = SessionPhase.Undecided;
        if (session.Query!.ProbeCommand is null && !_options.Policy.AsksForPod(session.Snapshot!.Kind))
            Decide(session, null, time);
    }

    private void Decide(RecordedSession session, SessionIdentity? identity, ulong time)
    {
        var snapshot = identity is null ? session.Snapshot! : SessionFacts.Complete(session.Snapshot!, identity, _filter);
        session.Snapshot = snapshot;
        if (_options.Policy.Decide(snapshot.Kind, identity?.Container) is { } depth)
        {
            session.KeepsBytes = depth == RecordingDepth.Full;
            session.Snapshot = snapshot with { Depth = session.KeepsBytes ? SessionDepth.Full : SessionDepth.Metadata };
            Open(session, time);
            return;
        }

        if (snapshot.Kind == SessionKind.Probe)
            Probes.Count(snapshot);
        Counters.Ignored++;
        session.Phase = SessionPhase.Ignored;
        ReleaseWaiting(session);
    }

    private void Open(RecordedSession session, ulong time)
    {
        if (session.Id == Guid.Empty)
            session.Id = Guid.CreateVersion7(_clock.GetUtcNow());
        session.Phase = SessionPhase.Open;
        session.PhaseTime = time;
        OpenSessions++;
        Counters.Begun++;
        // Stored first: an agent that is restarted right behind the frame must know the session again.
        session.Persist();
        _sink.Session(session.Id, session.Snapshot!.Started, session.Snapshot);
        WriteOpening(session, time);
        if (session.RootExec is { } exec)
            _sink.Exec(session.Id, session.Snapshot.Started, exec);
        session.RootExec = null;
        ReleaseWaiting(session);
        EndIfOver(session, time);
    }

    private static void WriteOpening(RecordedSession session, ulong time)
    {
        for (var at = 0; at < session.Opening.Length; at++)
        {
            if (session.Opening[at] is { } gap)
                session.Streams[at]?.Missed(time, 0, gap.Length, gap.Reason, GapPlace.Kernel, gap.From);
            session.Opening[at] = null;
        }
    }

    private void ReleaseWaiting(RecordedSession session)
    {
        if (session.Waiting is not { } waiting)
            return;
        session.Waiting = null;
        Counters.PendingOverflow += waiting.Dropped;
        waiting.Release(_dispatch);
    }

    private void Drop(RecordedSession session)
    {
        if (session.Phase != SessionPhase.Pending)
            return;
        Counters.Dropped++;
        Remove(session);
    }

    /// <summary>START found no room in the ring, but the kernel's table has the session: it is recorded with what is known.</summary>
    private void BeginWithoutStart(RecordedSession session, in KernelSession state, ulong time)
    {
        Counters.WithoutStart++;
        (session.RootPid, session.RootStart) = (state.RootPid, state.RootStartTime);
        session.Snapshot = SessionFacts.FromKernel(state, ParentOf(state.ParentSession), _options);
        session.Live = (uint)Math.Max(state.Live, 0);
        session.Query = new IdentityQuery
        {
            Session = session.Number,
            Kind = state.Kind,
            Container = "",
            Cgroup = "",
            Pid = (int)state.RootPid,
            Uid = 0,
            NeedsProcess = true,
        };
        foreach (var stream in session.Snapshot.Streams!)
            session.Streams[(int)stream.Stream] = NewStream(session, stream.Stream, session.Snapshot.Tty, observed: true);
        if (!TryContinue(session, time))
            Introduce(session, time);
    }

    private void AddStreams(RecordedSession session, in KernelStart start)
    {
        var late = session.Snapshot!.Late;
        var missed = late || !SawBeginning(session, in start);
        var from = late ? session.RootStart : session.Snapshot.Started;
        foreach (var info in session.Snapshot.Streams!)
        {
            var stream = (KernelStream)info.Stream;
            var at = (int)info.Stream;
            if (start.Has(stream))
            {
                session.Streams[at] = NewStream(session, info.Stream, info.Source == StreamSource.Tty, observed: true);
                session.Opening[at] = missed ? new OpeningGap(null, GapReason.OpenLate, from) : QueuedOf(session, stream);
            }
            else if (info.Source is not (StreamSource.None or StreamSource.Null))
            {
                session.Streams[at] = NewStream(session, info.Stream, terminal: false, observed: false);
                session.Opening[at] = new OpeningGap(null, GapReason.ProgramMissed, session.Snapshot.Started);
            }
        }
    }

    /// <summary>
    /// Whether the streams were watched from the start on. A host terminal is first known by its START, and they are attached behind it: its
    /// leader has just been executed, and takes longer than that to write something that another process then reads.
    /// </summary>
    private bool SawBeginning(RecordedSession session, in KernelStart start) =>
        _kernel.WasWatching(session.Snapshot!.Started + (start.Kind == KernelKind.Terminal ? TerminalBegin : 0));

    /// <summary>
    /// What the runtime had put into the pipe of the input before the kernel knew the pipe. What stands in an output's pipe is still to be
    /// read, and is seen then.
    /// </summary>
    private OpeningGap? QueuedOf(RecordedSession session, KernelStream stream) =>
        stream == KernelStream.In && _kernel.TryRead(session.Number, out var state) && state.Queued.In is > 0 and var queued
            ? new OpeningGap(queued, GapReason.ProgramMissed, session.Snapshot!.Started)
            : null;

    /// <summary>A stream that the session got after its start.</summary>
    private RecordedStream AddStream(RecordedSession session, StreamId id, ulong time)
    {
        var terminal = session.Snapshot!.Tty && id != StreamId.Err;
        var stream = NewStream(session, id, terminal, observed: true);
        session.Streams[(int)id] = stream;
        var info = new SessionStreamInfo(id, terminal ? StreamSource.Tty : StreamSource.Pipe);
        Revise(session, session.Snapshot with { Streams = [.. session.Snapshot.Streams ?? [], info] }, time);
        return stream;
    }

    private RecordedStream NewStream(RecordedSession session, StreamId id, bool terminal, bool observed) =>
        new(_sink, session, id, terminal, _options.MaskEchoOff, observed);

    private void TakeAnswers()
    {
        while (_resolver.TryTake(out var number, out var identity))
        {
            if (!_sessions.TryGetValue(number, out var session) || session.Query is null)
                continue;
            session.Query = null;
            if (session.Phase == SessionPhase.Undecided && !session.AwaitsBase)
                Decide(session, identity, Math.Max(_advanced, session.PhaseTime));
            else if (session.Phase != SessionPhase.Ignored)
                Revise(session, SessionFacts.Complete(session.Snapshot!, identity, _filter), Math.Max(_advanced, session.LastTime));
        }
    }

    /// <summary>Writes a snapshot that says more than the last one.</summary>
    private void Revise(RecordedSession session, SessionSnapshot snapshot, ulong time)
    {
        if (snapshot == session.Snapshot)
            return;
        session.Snapshot = snapshot with { Revision = session.Snapshot!.Revision + 1 };
        if (session.Phase is SessionPhase.Pending or SessionPhase.Undecided)
            return;
        session.Persist();
        _sink.Session(session.Id, time, session.Snapshot);
    }

    private Guid? ParentOf(ulong number) =>
        number != 0 && _sessions.TryGetValue(number, out var parent) && parent.Id != Guid.Empty ? parent.Id : null;

    private IdentityQuery QueryOf(RecordedSession session, in StartView view)
    {
        ref readonly var start = ref view.Start;
        var snapshot = session.Snapshot!;
        var input = start.Input.Source;
        var probe = _resolver.KnowsProbes && start.Kind == KernelKind.Exec && start.TtyKey == 0 && input is KernelSource.None or KernelSource.Null;
        return new IdentityQuery
        {
            Session = session.Number,
            Kind = start.Kind,
            Container = TextOf(view.Container),
            Cgroup = TextOf(view.Cgroup),
            Pid = (int)session.RootPid,
            Uid = view.Process.Process.Uid,
            NeedsProcess = snapshot.Command is null || snapshot.Exe is null,
            ProbeCommand = probe && snapshot.Command is { } command ? [.. command.Select(text => text.ToString())] : null,
        };
    }
}
