namespace Recorder.Kernel;

/// <summary>The loaded kernel programs and the ring's thread.</summary>
public sealed class KernelCapture : IDisposable
{
    private readonly CaptureOptions _options;

    private KernelCapture(CaptureOptions options) => _options = options;

    /// <summary>Whether pinned programs that were already there are used.</summary>
    public bool Adopted => AdoptedFrom is not null;

    /// <summary>Where they were found.</summary>
    public CaptureAdoption? AdoptedFrom { get; private init; }

    /// <summary>Layouts that were replaced, with their last state.</summary>
    public IReadOnlyList<RetiredLayout> Retired { get; private init; } = [];

    /// <summary>When the programs were loaded, CLOCK_BOOTTIME nanoseconds: it names the load that session numbers belong to.</summary>
    public ulong LoadTime { get; private init; }

    /// <summary>
    /// Since when the stream programs are attached, CLOCK_BOOTTIME nanoseconds; 0: they are not. A session whose
    /// PENDING is later missed nothing; one whose START is earlier may have missed its first bytes.
    /// </summary>
    public ulong StreamsAttachedSince { get; private set; }

    /// <summary>Whether the ring's thread runs under SCHED_FIFO.</summary>
    public bool RealTime { get; private set; }

    /// <summary>Ends when the ring's thread has ended; faulted where the ring could not be read on.</summary>
    public Task Completion { get; private set; } = Task.CompletedTask;

    /// <summary>Every program and what became of it.</summary>
    public IReadOnlyList<ProgramStatus> Programs => throw new NotImplementedException();

    /// <summary>What went wrong in user space.</summary>
    public CaptureFailures Failures => throw new NotImplementedException();

    /// <summary>Loads the programs, or adopts pinned ones.</summary>
    /// <param name="options">Validated here.</param>
    /// <param name="notice">Told of what is worth a log line; called on the caller's thread and on the ring's.</param>
    /// <exception cref="CaptureOptionsException">A value is not allowed.</exception>
    /// <exception cref="MissingCapabilitiesException">The process may not.</exception>
    /// <exception cref="ProgramRefusedException">A required program was refused.</exception>
    /// <exception cref="CaptureException">Anything else; the message says what.</exception>
    public static KernelCapture Open(CaptureOptions options, Action<CaptureNotice>? notice = null) => throw new NotImplementedException();

    /// <summary>Removes everything that was pinned below the directory.</summary>
    public static void Uninstall(string pinDirectory) => throw new NotImplementedException();

    /// <summary>Asks the kernel which programs it accepts. Changes nothing.</summary>
    public static CheckReport Check() => throw new NotImplementedException();

    /// <summary>Attaches the lifecycle programs, starts the ring's thread, finds what already runs.</summary>
    public void Start(IKernelEventHandler handler) => throw new NotImplementedException();

    /// <summary>The kernel's counters.</summary>
    public KernelCounters ReadCounters() => throw new NotImplementedException();

    /// <summary>Every session the kernel knows.</summary>
    public IReadOnlyList<KernelSessionEntry> ReadSessions() => throw new NotImplementedException();

    /// <summary>One session's state.</summary>
    public bool TryReadSession(ulong session, out KernelSession state) => throw new NotImplementedException();

    /// <summary>Frees a session's place; call it once the session ended and was written. False where it is not there.</summary>
    public bool ForgetSession(ulong session) => throw new NotImplementedException();

    /// <summary>Makes a container known whose first process was not seen.</summary>
    /// <param name="cgroupId">As its hierarchy numbers it.</param>
    /// <param name="cgroupVersion">1 or 2.</param>
    /// <param name="container">Its id.</param>
    /// <param name="initPid">Its first process.</param>
    /// <param name="initStartTime">That process's start, CLOCK_BOOTTIME nanoseconds.</param>
    public bool AddContainer(ulong cgroupId, uint cgroupVersion, string container, uint initPid, ulong initStartTime) =>
        throw new NotImplementedException();

    /// <summary>Stops the ring's thread after what is in the ring was handled. Blocks until then.</summary>
    /// <param name="keepPinned">Leave the pinned programs attached, so that a later agent goes on without loss.</param>
    public void Stop(bool keepPinned) => throw new NotImplementedException();

    /// <summary>Stops, keeping pins.</summary>
    public void Dispose() => Stop(keepPinned: true);
}
