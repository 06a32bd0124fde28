namespace Recorder.Kernel;

/// <summary>A stream of a session. A terminal has <see cref="In"/> and <see cref="Out"/>.</summary>
public enum KernelStream : byte
{
    /// <summary>What was typed or piped in.</summary>
    In = 0,

    /// <summary>What was written to the terminal or to standard output.</summary>
    Out = 1,

    /// <summary>What was written to standard error; never for a terminal.</summary>
    Err = 2,
}

/// <summary>Why a session began: what entered, from where.</summary>
public enum KernelKind : uint
{
    /// <summary>No kind.</summary>
    None = 0,

    /// <summary>A container's own first process, with a terminal or a piped standard input (attach).</summary>
    Init = 1,

    /// <summary>A later entry into a container's cgroup.</summary>
    Exec,

    /// <summary>An entry into a container's namespaces, but not its cgroup.</summary>
    Nsenter,

    /// <summary>A host terminal: ssh, login, script, tmux.</summary>
    Terminal,
}

/// <summary>Why stream bytes could not be read. Values equal Recorder.Wire's <c>GapReason</c>.</summary>
public enum KernelGapReason : byte
{
    /// <summary>No reason.</summary>
    None = 0,

    /// <summary>The ring had no room.</summary>
    RingFull = 1,

    /// <summary>The call moved more than one call may emit.</summary>
    Truncated = 2,

    /// <summary>The user buffer could not be read.</summary>
    PageFault = 3,

    /// <summary>A map had no room.</summary>
    MapFull = 4,

    /// <summary>splice, tee, sendfile, vmsplice, or io_uring without a buffer.</summary>
    ProgramMissed = 5,
}

/// <summary>Why a stream ended. Values equal Recorder.Wire's <c>StreamEndCause</c>.</summary>
public enum KernelEndCause : byte
{
    /// <summary>No cause.</summary>
    None = 0,

    /// <summary>The reader saw the end of the file.</summary>
    EndOfFile = 1,

    /// <summary>The terminal was hung up (EIO), or the pipe's reader is gone (EPIPE).</summary>
    Hangup = 2,

    /// <summary>No process is left to read it, or the session was closed.</summary>
    Session = 3,
}

/// <summary>Flags of a <see cref="KernelEventType.Data"/> record.</summary>
[Flags]
public enum KernelDataFlags : uint
{
    /// <summary>Plain bytes.</summary>
    None = 0,

    /// <summary>Cooked input with echo off: <see cref="KernelEvent.Length"/> counts, no bytes follow.</summary>
    Masked = 1,

    /// <summary>Terminal input while the terminal was not canonical.</summary>
    Raw = 2,

    /// <summary>Moved by io_uring.</summary>
    IoUring = 4,

    /// <summary>A later chunk of the same call follows.</summary>
    More = 8,

    /// <summary>Came before the session's <see cref="KernelEventType.Start"/>.</summary>
    Early = 16,

    /// <summary>Moved by a 32-bit system call.</summary>
    Compat = 32,
}

/// <summary>Flags of a <see cref="KernelProcess"/>.</summary>
[Flags]
public enum KernelProcessFlags : uint
{
    /// <summary>Everything was read.</summary>
    None = 0,

    /// <summary>argv was longer than what a record holds; <see cref="KernelProcess.ArgvTotal"/> is its whole size.</summary>
    ArgvTruncated = 1,

    /// <summary>argv was paged out, or the process was found by the iterator: take it from /proc.</summary>
    ArgvUnreadable = 2,

    /// <summary>A path was longer than what a record holds.</summary>
    PathTruncated = 4,

    /// <summary>The process already ran when the programs were attached.</summary>
    Late = 8,
}

/// <summary>What stood behind a descriptor at the session's start.</summary>
public enum KernelSource : uint
{
    /// <summary>Closed.</summary>
    None = 0,

    /// <summary>A terminal.</summary>
    Tty,

    /// <summary>A pipe.</summary>
    Pipe,

    /// <summary>/dev/null: nothing to record.</summary>
    Null,

    /// <summary>A file; not recorded.</summary>
    File,

    /// <summary>A socket; not recorded.</summary>
    Socket,

    /// <summary>Something else; not recorded.</summary>
    Other,
}
