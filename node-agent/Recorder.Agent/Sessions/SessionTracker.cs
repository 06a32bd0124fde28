using Recorder.Agent.Identity;
using Recorder.Agent.Processes;
using Recorder.Kernel;
using Recorder.Wire;

namespace Recorder.Agent.Sessions;

/// <summary>
/// Makes sessions of the kernel's records: gives them ids, places their bytes in streams, accounts for what is missing, and says when they
/// are over. Everything is called on one thread. Nothing is allocated for stream bytes.
/// </summary>
/// <remarks>
/// <list type="number">
/// <item>Records of a session that the kernel has not started yet wait, and are released by START or forgotten by DROP.</item>
/// <item>A session that might be a probe, or whose policy depends on its pod, waits until its identity is known, but not for long.</item>
/// <item>It ends when all its streams have ended and its root process has exited. Streams whose end doesn't show by itself are closed by the
/// kernel when nothing else is left, so that their last bytes come before their end.</item>
/// </list>
/// </remarks>
internal sealed partial class SessionTracker
{
    private const ulong Second = 1_000_000_000;

    private readonly TrackerOptions _options;
    private readonly IFrameSink _sink;
    private readonly IKernelSessions _kernel;
    private readonly ISessionStore _store;
    private readonly IIdentityResolver _resolver;
    private readonly IArgvFilter _filter;
    private readonly TimeProvider _clock;
    private readonly Dictionary<ulong, RecordedSession> _sessions = [];
    private readonly List<RecordedSession> _finished = [];
    private readonly PendingEvents.Receiver _dispatch;
    private RecordedSession? _recent;
    private ulong _advanced;

    public SessionTracker(
        TrackerOptions options,
        IFrameSink sink,
        IKernelSessions kernel,
        ISessionStore store,
        IIdentityResolver resolver,
        TimeProvider clock,
        IArgvFilter? filter = null)
    {
        (_options, _sink, _kernel, _store, _resolver, _clock) = (options, sink, kernel, store, resolver, clock);
        _filter = filter ?? UnfilteredArgv.Instance;
        Probes = new ProbeCounts(sink);
        _dispatch = Release;
    }

    /// <summary>The probes that were counted.</summary>
    public ProbeCounts Probes { get; }

    /// <summary>What the tracker has seen.</summary>
    public TrackerCounters Counters { get; } = new();

    /// <summary>Sessions that are being recorded now.</summary>
    public int OpenSessions { get; private set; }

    /// <summary>One record, in the order of the ring.</summary>
    public void Handle(in KernelEvent e, ReadOnlySpan<byte> payload)
    {
        if (e.Type == KernelEventType.Container)
            Preload(payload);
        else if (e.Session != 0)
            HandleSession(e, payload);
        // The ring may never be empty under load; a record is never this far behind another.
        if (e.Time > _advanced + (2 * Second))
            AdvanceTo(e.Time - Second);
    }

    /// <summary>
    /// All records with times up to this one (CLOCK_BOOTTIME nanoseconds) were handed over: the ring was empty at that time. Deadlines are
    /// judged by it, never by the clock, so that a slow reader changes nothing.
    /// </summary>
    public void AdvanceTo(ulong time)
    {
        if (time <= _advanced)
            return;
        _advanced = time;
        TakeAnswers();
        foreach (var session in _sessions.Values)
            Advance(session, time);
        foreach (var session in _finished)
            Remove(session);
        _finished.Clear();
        while (_resolver.TryTakeUnrecordable(out var container))
            _sink.Unrecordable(time, container);
        Probes.AdvanceTo(time);
        ExpireRestorable(time);
        RemoveWritten(time);
    }

    private static GapReason ReasonOf(in KernelEvent e) => e.Reason switch
    {
        PendingEvents.Overflow => GapReason.SpoolFull,
        0 => GapReason.ProgramMissed,
        _ => (GapReason)e.Reason,
    };

    private void HandleSession(in KernelEvent e, ReadOnlySpan<byte> payload)
    {
        var session = Find(e);
        session.Sequence.Add(e.Sequence);
        session.LastTime = Math.Max(session.LastTime, e.Time);
        if (e.Type == KernelEventType.Start)
            Begin(session, e, payload);
        else if (e.Type == KernelEventType.Drop)
            Drop(session);
        else if (e.Type == KernelEventType.Pending)
            session.PhaseTime = e.Time;
        else if (session.Waiting is { } waiting)
            waiting.Add(e, payload);
        else
            Dispatch(session, e, payload);
    }

    private RecordedSession Find(in KernelEvent e)
    {
        if (_recent?.Number == e.Session)
            return _recent;
        if (!_sessions.TryGetValue(e.Session, out var session))
        {
            session = new RecordedSession(e.Session, _store) { PhaseTime = e.Time, Waiting = new PendingEvents(_options.PendingBytes) };
            _sessions.Add(e.Session, session);
        }

        return _recent = session;
    }

    private void Preload(ReadOnlySpan<byte> payload)
    {
        if (StartView.TryParse(payload, out var view))
            _resolver.Preload(TextOf(view.Container), TextOf(view.Cgroup), (int)view.Process.Process.Pid);
        else
            Counters.Malformed++;
    }

    private void Release(in KernelEvent e, ReadOnlySpan<byte> payload) => Dispatch(_sessions[e.Session], e, payload);

    private void Dispatch(RecordedSession session, in KernelEvent e, ReadOnlySpan<byte> payload)
    {
        switch (e.Type)
        {
            case KernelEventType.Data:
            case KernelEventType.Gap:
            case KernelEventType.StreamEnd:
                DispatchStream(session, e, payload);
                break;
            case KernelEventType.Resize when session.Phase != SessionPhase.Ignored:
                _sink.Resize(session.Id, e.Time, new ResizeFrame(e.Columns, e.Rows));
                break;
            case KernelEventType.Fork:
            case KernelEventType.Exec:
            case KernelEventType.Exit:
            case KernelEventType.Connect:
                if (!TryDispatchProcess(session, e, payload))
                    Counters.Malformed++;
                break;
        }
    }

    private void DispatchStream(RecordedSession session, in KernelEvent e, ReadOnlySpan<byte> payload)
    {
        if (session.Phase == SessionPhase.Ignored)
            return;
        if ((int)e.Stream >= session.Streams.Length)
        {
            Counters.Malformed++;
            return;
        }

        var stream = session.Streams[(int)e.Stream] ?? AddStream(session, (StreamId)e.Stream, e.Time);
        switch (e.Type)
        {
            case KernelEventType.Data:
                var before = stream.Discarded;
                stream.Data(e.Time, e.Offset, e.Length, e.DataFlags, payload);
                Counters.DiscardedBytes += stream.Discarded - before;
                if (stream is { IsTerminal: true, Stream: StreamId.Out })
                    session.Streams[(int)StreamId.In]?.Echo(e.Time, payload);
                break;
            case KernelEventType.Gap:
                stream.Gap(e.Time, e.Offset, e.Length, ReasonOf(e), e.Reason == PendingEvents.Overflow ? GapPlace.Agent : GapPlace.Kernel);
                break;
            default:
                stream.End(e.Time, e.Offset, (StreamEndCause)e.Reason is StreamEndCause.Eof or StreamEndCause.Hangup ? (StreamEndCause)e.Reason : StreamEndCause.SessionEnded);
                EndIfOver(session, e.Time);
                break;
        }
    }

    private RecordedSession? FindLive(Guid id)
    {
        foreach (var session in _sessions.Values)
        {
            if (session.Id == id)
                return session;
        }

        return _settling.Find(session => session.Id == id);
    }

    private static string TextOf(ReadOnlySpan<byte> bytes) => System.Text.Encoding.UTF8.GetString(bytes);
}
