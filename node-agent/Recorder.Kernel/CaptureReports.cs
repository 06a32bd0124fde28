namespace Recorder.Kernel;

/// <summary>What became of a program.</summary>
public enum ProgramState
{
    /// <summary>This kernel has no such hook.</summary>
    Absent,

    /// <summary>The kernel refused it.</summary>
    Refused,

    /// <summary>Loaded, not attached.</summary>
    Loaded,

    /// <summary>Loaded and attached.</summary>
    Attached,
}

/// <summary>One kernel program.</summary>
/// <param name="Name">Its name in the object.</param>
/// <param name="Section">Its section, which names the hook.</param>
/// <param name="Required">Whether there is no capture without it.</param>
/// <param name="State">What became of it.</param>
/// <param name="Reason">Why it is absent or refused: the verifier's last line, or the error; else empty.</param>
public sealed record ProgramStatus(string Name, string Section, bool Required, ProgramState State, string Reason);

/// <summary>What the caller may want to log.</summary>
public enum CaptureNoticeKind
{
    /// <summary>An optional program can't be used.</summary>
    ProgramUnavailable,

    /// <summary>Nothing is pinned, though it was asked for.</summary>
    NotPinned,

    /// <summary>Pins were incomplete and have been removed.</summary>
    PinsRemoved,

    /// <summary>Pins of another layout or with other settings were retired.</summary>
    LayoutRetired,

    /// <summary>Pins of this layout were adopted.</summary>
    Adopted,

    /// <summary>The ring's thread runs under the ordinary scheduler.</summary>
    NotRealTime,

    /// <summary>A hook could not be attached or detached.</summary>
    AttachFailed,

    /// <summary>The running processes could not all be scanned.</summary>
    ScanFailed,

    /// <summary>A fact of the host could not be read; capture goes on with less.</summary>
    HostFactMissing,

    /// <summary>The handler threw; the record was skipped.</summary>
    HandlerFailed,
}

/// <summary>A fact for the log. Nothing captured is in it.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Subject">A program's, path's or fact's name.</param>
/// <param name="Detail">Why.</param>
public readonly record struct CaptureNotice(CaptureNoticeKind Kind, string Subject, string Detail);

/// <summary>A session as the kernel has it.</summary>
/// <param name="Session">Its number in its load of the programs.</param>
/// <param name="State">Its state.</param>
public readonly record struct KernelSessionEntry(ulong Session, KernelSession State);

/// <summary>Where this capture was adopted from.</summary>
/// <param name="Directory">The layout's pin directory.</param>
/// <param name="UnreadBytes">What stood in the ring.</param>
/// <param name="StreamsAttached">Whether the stream programs were attached all the while.</param>
public sealed record CaptureAdoption(string Directory, ulong UnreadBytes, bool StreamsAttached);

/// <summary>The last state of a layout that was replaced: the agent writes AGENT_DOWN gaps up to these offsets.</summary>
/// <param name="Directory">Its pin directory, which is gone.</param>
/// <param name="LoadTime">When its programs were loaded, CLOCK_BOOTTIME nanoseconds; it names the load. 0: unknown.</param>
/// <param name="Sessions">Its sessions.</param>
public sealed record RetiredLayout(string Directory, ulong LoadTime, IReadOnlyList<KernelSessionEntry> Sessions);

/// <summary>What went wrong in user space, counted since <see cref="KernelCapture.Open"/>.</summary>
/// <param name="MapOperations">Map look-ups, updates and walks that failed.</param>
/// <param name="Attaches">Attaches and detaches that failed.</param>
/// <param name="MalformedRecords">Records of the ring that were too short or out of bounds.</param>
/// <param name="Handler">Records whose handler threw.</param>
/// <param name="Polls">Waits on the ring that failed.</param>
public readonly record struct CaptureFailures(long MapOperations, long Attaches, long MalformedRecords, long Handler, long Polls);
