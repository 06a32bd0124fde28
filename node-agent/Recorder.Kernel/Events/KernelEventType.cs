namespace Recorder.Kernel;

/// <summary>What a record says. Values equal <c>enum recorder_event_type</c> of <c>bpf/include/recorder_events.h</c>.</summary>
public enum KernelEventType : ushort
{
    /// <summary>No record has this value.</summary>
    None = 0,

    /// <summary>A task entered a container: the stream programs are attached before the next record is read.</summary>
    Pending = 1,

    /// <summary>The pending entry became a session; payload: <see cref="StartView"/>.</summary>
    Start,

    /// <summary>The pending entry is no session: what came for it is to be forgotten.</summary>
    Drop,

    /// <summary>A container's first process; session 0; payload: <see cref="StartView"/>.</summary>
    Container,

    /// <summary>Stream bytes; the payload is the bytes.</summary>
    Data,

    /// <summary>Stream bytes that could not be read; <see cref="KernelEvent.GapReason"/> says why.</summary>
    Gap,

    /// <summary>Nothing follows on the stream; <see cref="KernelEvent.Offset"/> is its total.</summary>
    StreamEnd,

    /// <summary><see cref="KernelEvent.Value"/> is columns &lt;&lt; 16 | rows.</summary>
    Resize,

    /// <summary>A process of the session forked; payload: <see cref="KernelFork"/>.</summary>
    Fork,

    /// <summary>A process of the session executed a program; payload: <see cref="ExecView"/>.</summary>
    Exec,

    /// <summary>A process of the session ended; <see cref="KernelEvent.Value"/> is the wait status; payload: <see cref="KernelExit"/>.</summary>
    Exit,

    /// <summary>A process of the session connected a socket; payload: <see cref="KernelConnect"/>.</summary>
    Connect,
}
