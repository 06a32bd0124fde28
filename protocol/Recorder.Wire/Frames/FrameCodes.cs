using System.Diagnostics.CodeAnalysis;

namespace Recorder.Wire;

/// <summary>A stream of a session.</summary>
public enum StreamId : byte
{
    /// <summary>What the session read: standard input, or what was typed.</summary>
    In = 0,

    /// <summary>What it wrote: standard output, or everything a terminal showed.</summary>
    Out = 1,

    /// <summary>What it wrote to standard error (never with a terminal).</summary>
    Err = 2,
}

/// <summary>Flags of a DATA frame. Unknown bits are kept and mean nothing here.</summary>
[Flags]
[SuppressMessage("Naming", "CA1711", Justification = "These are the flags of the DATA frame; the format calls them so.")]
public enum DataFlags : byte
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Terminal input while the terminal was not canonical.</summary>
    NotCanonical = 1,

    /// <summary>Moved by io_uring.</summary>
    IoUring = 2,

    /// <summary>Moved before the session's start event.</summary>
    BeforeStart = 4,
}

/// <summary>Why bytes of a stream are not here.</summary>
public enum GapReason : byte
{
    /// <summary>The kernel's ring had no room.</summary>
    RingFull = 1,

    /// <summary>One call moved more than a kernel program can copy.</summary>
    Truncated = 2,

    /// <summary>The user's buffer could not be read.</summary>
    PageFault = 3,

    /// <summary>A kernel map had no room.</summary>
    MapFull = 4,

    /// <summary>Moved by a call whose bytes the kernel programs cannot see (splice and the like).</summary>
    ProgramMissed = 5,

    /// <summary>The agent was not running.</summary>
    AgentDown = 6,

    /// <summary>The agent's queue or spool had no room.</summary>
    SpoolFull = 7,

    /// <summary>What was stored was damaged.</summary>
    Corrupt = 8,

    /// <summary>Left out on purpose: masked, or not to be recorded. The length is rounded up to 64 bytes.</summary>
    Policy = 9,

    /// <summary>The session ran before recording began.</summary>
    OpenLate = 10,
}

/// <summary>Where bytes were lost.</summary>
public enum GapPlace : byte
{
    /// <summary>In the kernel programs or the ring.</summary>
    Kernel = 1,

    /// <summary>In the agent.</summary>
    Agent = 2,

    /// <summary>In the agent's queue or spool.</summary>
    Queue = 3,

    /// <summary>In the collector.</summary>
    Collector = 4,
}

/// <summary>Why a stream ended.</summary>
public enum StreamEndCause : byte
{
    /// <summary>The reader saw end of file.</summary>
    Eof = 1,

    /// <summary>The terminal was hung up.</summary>
    Hangup = 2,

    /// <summary>The runtime stopped reading or writing when the session ended.</summary>
    SessionEnded = 3,

    /// <summary>It ended while the agent was not running.</summary>
    AgentDown = 4,
}

/// <summary>How a session's end is known.</summary>
public enum SessionEndCause : byte
{
    /// <summary>The last stream closed and the root process exited.</summary>
    Closed = 1,

    /// <summary>Found gone after the agent was down.</summary>
    NotObserved = 2,
}
