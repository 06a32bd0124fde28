namespace Recorder.Kernel;

/// <summary>What the kernel programs count, summed over all CPUs. Values are indexes of map <c>counters</c>.</summary>
public enum KernelCounter
{
    /// <summary>Records that were written.</summary>
    Events = 0,

    /// <summary>Records that found no room in the ring, of any type.</summary>
    RingFullEvents,

    /// <summary>Stream bytes among them.</summary>
    RingFullBytes,

    /// <summary>START, EXEC, EXIT and the like among them.</summary>
    RingFullControl,

    /// <summary>User buffers that could not be read.</summary>
    PageFaults,

    /// <summary>Stream bytes in them.</summary>
    PageFaultBytes,

    /// <summary>Kernel memory that could not be read.</summary>
    KernelReadFailed,

    /// <summary>Sessions that found no room.</summary>
    SessionsFull,

    /// <summary>Streams that found no room.</summary>
    StreamsFull,

    /// <summary>Containers that found no room.</summary>
    ContainersFull,

    /// <summary>Pending entries that found no room.</summary>
    PendingFull,

    /// <summary>Processes whose membership could not be stored.</summary>
    MembersFull,

    /// <summary>Bytes that no user buffer held: splice and the like.</summary>
    UnseenBytes,

    /// <summary>Bytes beyond what one call can emit.</summary>
    TruncatedBytes,

    /// <summary>Recycled stream keys that were dropped.</summary>
    StaleStreams,

    /// <summary>Input bytes masked in the kernel.</summary>
    MaskedBytes,

    /// <summary>32-bit system calls of a runtime on a recorded stream.</summary>
    CompatCalls,
}

/// <summary>A snapshot of the kernel's counters.</summary>
public sealed class KernelCounters
{
    private readonly ulong[] _values;

    internal KernelCounters(ulong[] values) => _values = values;

    /// <summary>How many counters there are.</summary>
    public static int Count => (int)KernelCounter.CompatCalls + 1;

    /// <summary>The counter's value since the programs were loaded; 0 where the loaded programs do not have it.</summary>
    public ulong this[KernelCounter counter] =>
        (int)counter < _values.Length ? _values[(int)counter] : 0;
}
