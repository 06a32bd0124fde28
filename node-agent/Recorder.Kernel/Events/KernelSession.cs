using System.Runtime.InteropServices;

namespace Recorder.Kernel;

/// <summary>A number for each stream.</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct KernelStreamValues(ulong In, ulong Out, ulong Err)
{
    /// <summary>The stream's.</summary>
    public ulong this[KernelStream stream] => stream switch
    {
        KernelStream.In => In,
        KernelStream.Out => Out,
        _ => Err,
    };
}

/// <summary>A session's state in the kernel: <c>struct recorder_session</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct KernelSession
{
    /// <summary>The next record's number: one more than the last one given, lost ones included.</summary>
    public ulong NextSequence { get; init; }

    /// <summary>Bytes so far, lost ones included: the next offset.</summary>
    public KernelStreamValues Totals { get; init; }

    /// <summary>Bytes that found no room in the ring.</summary>
    public KernelStreamValues DroppedBytes { get; init; }

    /// <summary>Records of each stream that found no room.</summary>
    public KernelStreamValues DroppedEvents { get; init; }

    /// <summary>Records of no stream that found no room.</summary>
    public ulong DroppedControl { get; init; }

    /// <summary>When it was found, or became pending; CLOCK_BOOTTIME nanoseconds.</summary>
    public ulong Started { get; init; }

    /// <summary>The root process's start; CLOCK_BOOTTIME nanoseconds.</summary>
    public ulong RootStartTime { get; init; }

    /// <summary>The container's key; 0: none.</summary>
    public ulong Container { get; init; }

    /// <summary>The session that it was begun from; 0: none.</summary>
    public ulong ParentSession { get; init; }

    /// <summary>Names the terminal; 0: no terminal.</summary>
    public ulong TtyKey { get; init; }

    /// <summary>Name the pipes; 0: no pipe.</summary>
    public KernelStreamValues PipeKeys { get; init; }

    internal uint QueuedIn { get; init; }

    internal uint QueuedOut { get; init; }

    internal uint QueuedErr { get; init; }

    /// <summary>The root process, in the host's pid namespace.</summary>
    public uint RootPid { get; init; }

    /// <summary>What entered; none while the entry is pending.</summary>
    public KernelKind Kind { get; init; }

    /// <summary>Depth of the root process's pid namespace.</summary>
    public uint PidLevel { get; init; }

    /// <summary>Processes that live.</summary>
    public int Live { get; init; }

    /// <summary>Tasks of the runtime that may yet become the session.</summary>
    public int Pending { get; init; }

    /// <summary>A bit for each <see cref="KernelStream"/> that was registered.</summary>
    public uint Streams { get; init; }

    /// <summary>A bit for each <see cref="KernelStream"/> that has ended.</summary>
    public uint Ended { get; init; }

    internal uint Reserved { get; init; }

    /// <summary>Bytes that stood in the pipe when it was registered.</summary>
    public KernelStreamValues Queued => new(QueuedIn, QueuedOut, QueuedErr);

    /// <summary>Bytes so far of a stream, lost ones included.</summary>
    public ulong GetTotal(KernelStream stream) => Totals[stream];

    /// <summary>Whether the session has a stream.</summary>
    public bool Has(KernelStream stream) => (Streams & (1u << (int)stream)) != 0;

    /// <summary>Whether a stream has ended.</summary>
    public bool HasEnded(KernelStream stream) => (Ended & (1u << (int)stream)) != 0;
}
