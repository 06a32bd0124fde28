using Recorder.Kernel.Host;
using Recorder.Kernel.Interop;
using Recorder.Kernel.Maps;
using Recorder.Kernel.Pins;
using Recorder.Kernel.Programs;
using Recorder.Kernel.Ring;

namespace Recorder.Kernel;

/// <summary>The loaded kernel programs and the ring's thread.</summary>
/// <remarks>Thread-safe but for <see cref="Start"/>, <see cref="Stop"/> and <see cref="Dispose"/>, which belong to one owner.</remarks>
public sealed class KernelCapture : IDisposable
{
    private readonly CaptureOptions _options;
    private readonly CaptureParts _parts;
    private readonly Action<CaptureNotice> _notice;
    private readonly ProgramHooks _hooks;
    private readonly ProgramVariables _variables;
    private readonly CounterMap _counters;
    private readonly SessionMap _sessions;
    private readonly ContainerMap _containers;
    private readonly RingMemory _memory;
    private readonly RingReader _reader;
    private readonly RingWait _wait;
    private readonly StreamHookTimer _timer;
    private RingThread? _thread;
    private long _mapFailures;
    private volatile bool _stopped;

    private KernelCapture(CaptureOptions options, CaptureParts parts, Action<CaptureNotice> notice)
    {
        _options = options;
        _parts = parts;
        _notice = notice;
        KernelHandle ring = parts.Objects.Map("events");
        KernelHandle variables = parts.Objects.Map(VariablePlaces.Section);
        _hooks = new ProgramHooks(parts.Objects, parts.Layout, notice);
        _variables = new ProgramVariables(variables, ObjectInfo.ReadMap(variables).ValueSize, parts.Variables);
        _counters = new CounterMap(parts.Objects.Map("counters"));
        _sessions = new SessionMap(parts.Objects.Map("sessions"), parts.SessionFields);
        _containers = new ContainerMap(parts.Objects.Map("containers"));
        _memory = new RingMemory(ring, options.RingBytes);
        _timer = new StreamHookTimer(_hooks, _variables, options);
        _reader = new RingReader(_memory) { Beginning = _timer.Attach, HandlerFailed = ReportHandler };
        _wait = new RingWait(ring);
        LoadTime = parts.Objects.LoadTime;
        if (parts.Adopted)
            Adopt(parts.Layout!);
    }

    /// <summary>Whether pinned programs that were already there are used.</summary>
    public bool Adopted => AdoptedFrom is not null;

    /// <summary>Where they were found.</summary>
    public CaptureAdoption? AdoptedFrom { get; private set; }

    /// <summary>The pin directory of this load; null: nothing is pinned.</summary>
    public string? PinnedAt => _parts.Layout?.Directory;

    /// <summary>Layouts that were replaced, with their last state.</summary>
    public IReadOnlyList<RetiredLayout> Retired => _parts.Retired;

    /// <summary>When the programs were loaded, CLOCK_BOOTTIME nanoseconds: it names the load that session numbers belong to.</summary>
    public ulong LoadTime { get; }

    /// <summary>Since when the stream programs are attached, CLOCK_BOOTTIME nanoseconds; 0: they are not.</summary>
    public ulong StreamsAttachedSince => _hooks.StreamsAttachedSince;

    /// <summary>Whether the ring's thread runs under SCHED_FIFO.</summary>
    public bool RealTime => _thread?.RealTime ?? false;

    /// <summary>Ends when the ring's thread has ended; faulted where the ring could not be read on.</summary>
    public Task Completion => _thread?.Completion ?? Task.CompletedTask;

    /// <summary>Bytes of the ring that were not read yet.</summary>
    public ulong UnreadBytes => _stopped ? 0 : _reader.Unread;

    /// <summary>Every program and what became of it.</summary>
    public IReadOnlyList<ProgramStatus> Programs => [.. _parts.Objects.Specs.Select(Describe)];

    /// <summary>What went wrong in user space.</summary>
    public CaptureFailures Failures => new(
        Volatile.Read(ref _mapFailures), _hooks.Failures, _reader.Malformed, _reader.HandlerFailures, _thread?.PollFailures ?? 0);

    /// <summary>Loads the programs, or adopts pinned ones. Call <see cref="Start"/> soon: until then nothing is recorded.</summary>
    /// <param name="options">Validated here.</param>
    /// <param name="notice">Told of what is worth a log line; called on the caller's thread and on the ring's.</param>
    /// <exception cref="CaptureOptionsException">A value is not allowed.</exception>
    /// <exception cref="MissingCapabilitiesException">The process may not.</exception>
    /// <exception cref="ProgramRefusedException">A required program was refused.</exception>
    /// <exception cref="CaptureException">Anything else; the message says what.</exception>
    public static KernelCapture Open(CaptureOptions options, Action<CaptureNotice>? notice = null) =>
        Open(options, notice, EmbeddedObject.Read());

    internal static KernelCapture Open(CaptureOptions options, Action<CaptureNotice>? notice, byte[] file)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        if (Capabilities.Missing() is { Count: > 0 } missing)
            throw new MissingCapabilitiesException(missing);
        notice ??= static _ => { };
        return LibBpfPresence.Guard(() =>
        {
            CaptureParts parts = new CaptureOpening(options, file, notice).Open();
            try
            {
                return new KernelCapture(options, parts, notice);
            }
            catch
            {
                parts.Dispose();
                throw;
            }
        });
    }

    /// <summary>Removes everything that was pinned below the directory; attached programs are detached.</summary>
    /// <exception cref="CaptureException">An agent is running on it.</exception>
    public static void Uninstall(string pinDirectory)
    {
        ArgumentNullException.ThrowIfNull(pinDirectory);
        LibBpfPresence.Guard(() => PinRoot.Uninstall(pinDirectory));
    }

    /// <summary>Names of the capabilities that recording needs and this process lacks.</summary>
    public static IReadOnlyList<string> MissingCapabilities() => Capabilities.Missing();

    /// <summary>Asks the kernel which programs it accepts. Nothing stays loaded.</summary>
    public static CheckReport Check() => LibBpfPresence.Guard(() => new KernelCheck(EmbeddedObject.Read()).Run());

    /// <summary>Attaches the lifecycle programs, starts the ring's thread, finds what already runs.</summary>
    /// <exception cref="ProgramRefusedException">A required program can't be attached.</exception>
    public void Start(IKernelEventHandler handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        if (_thread is not null)
            throw new InvalidOperationException("capture was started already");
        _variables.RecorderSelf = (uint)Environment.ProcessId;
        // All, also in lazy mode: what the scan finds is recorded from here on. The timer detaches what is not needed.
        _hooks.AttachAll();
        if (_hooks.Missing is { } missing)
            throw new ProgramRefusedException(missing.Name, ProgramHook.FindAbsence(missing) ?? "it can't be attached");
        _thread = new RingThread(_reader, _wait, handler, _timer.Tick, _notice, _options.RealTimePriority);
        _thread.Start();
        if (!Adopted)
            Scan();
        _parts.Layout?.MarkComplete(); // last: pins of an agent that died before its scan ended are not adopted
    }

    /// <summary>The kernel's counters.</summary>
    public KernelCounters ReadCounters()
    {
        KernelCounters counters = _counters.Read(out int failures);
        Interlocked.Add(ref _mapFailures, failures);
        return counters;
    }

    /// <summary>Every session the kernel knows, in the order of their numbers.</summary>
    /// <exception cref="CaptureException">The map can't be read.</exception>
    public IReadOnlyList<KernelSessionEntry> ReadSessions() => _sessions.ReadAll();

    /// <summary>One session's state.</summary>
    public bool TryReadSession(ulong session, out KernelSession state) => _sessions.TryRead(session, out state);

    /// <summary>Ends what is left of a session's streams: their STREAM_END records follow. False where that failed.</summary>
    public bool CloseSession(ulong session) =>
        _parts.Objects.Programs.TryGetValue(SessionCloser.Program, out KernelHandle? program)
        && Counted(SessionCloser.Run(program, session) >= 0);

    /// <summary>
    /// Whether the stream programs were attached at a time, CLOCK_BOOTTIME nanoseconds. Where they were not at a session's
    /// START, its first bytes may have been missed: there was no agent to attach them, or the kernel delayed it. False also
    /// for times that are too long ago to know (32 attachments).
    /// </summary>
    public bool WereStreamsAttached(ulong time) => _hooks.WereStreamsAttached(time);

    /// <summary>Frees a session's place; call it once the session ended and was written. False where it is not there.</summary>
    public bool ForgetSession(ulong session) => _sessions.Remove(session);

    /// <summary>Makes a container known whose first process was not seen; one that is known already stays as it is.</summary>
    public bool AddContainer(KernelContainer container)
    {
        ArgumentNullException.ThrowIfNull(container);
        container.Validate();
        return Counted(_containers.Add(container) >= 0);
    }

    /// <summary>Stops the ring's thread after what is in the ring was handled. Blocks until then.</summary>
    /// <param name="keepPinned">
    /// Leave the pinned programs attached, so that a later agent goes on without loss. The stream programs are attached
    /// too: while no agent is there, nobody could attach them in time. False: remove the pins.
    /// </param>
    public void Stop(bool keepPinned)
    {
        if (_stopped)
            return;
        _stopped = true;
        bool keep = keepPinned && _parts.Layout is { IsComplete: true };
        _timer.Freeze();
        if (keep)
            _hooks.AttachStreams();
        else
            _hooks.DetachAll();
        _thread?.Stop();
        if (keep)
            _hooks.AttachStreams(); // again: the ring's thread may have been about to detach them
        Close();
        if (!keep && _parts.Layout is { } layout)
            PinLayout.Remove(layout.Directory);
        _parts.Dispose();
    }

    /// <summary>Stops, keeping pins.</summary>
    public void Dispose() => Stop(keepPinned: true);

    private void Close()
    {
        _hooks.Dispose();
        _wait.Dispose();
        _memory.Dispose();
        _variables.Dispose();
    }

    private void Adopt(PinLayout layout)
    {
        _hooks.Adopt(layout);
        AdoptedFrom = new CaptureAdoption(layout.Directory, _reader.Unread, _hooks.StreamsAttachedSince != 0);
    }

    private void Scan()
    {
        ProgramSpec scan = _parts.Objects.Specs.First(s => s.Role == ProgramRole.Scan);
        try
        {
            TaskScan.Run(scan, _parts.Objects.Programs[scan.Name], _variables);
        }
        catch (CaptureException e)
        {
            Counted(false);
            _notice(new(CaptureNoticeKind.ScanFailed, scan.Name, e.Message));
        }
    }

    private ProgramStatus Describe(ProgramSpec spec) => _parts.Objects.Unavailable.TryGetValue(spec.Name, out ProgramStatus? status)
        ? status
        : new ProgramStatus(
            spec.Name, spec.Section, spec.Required, _hooks.IsAttached(spec.Name) ? ProgramState.Attached : ProgramState.Loaded, "");

    private bool Counted(bool success)
    {
        if (!success)
            Interlocked.Increment(ref _mapFailures);
        return success;
    }

    private void ReportHandler(Exception e) => _notice(new(CaptureNoticeKind.HandlerFailed, e.GetType().Name, e.Message));
}
