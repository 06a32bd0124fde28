using Recorder.Kernel;

namespace Recorder.Agent.Sessions;

/// <summary>The kernel's own table of sessions. Called on the tracker's thread; each call is one or two system calls.</summary>
internal interface IKernelSessions
{
    /// <summary>What the kernel counted for a session, of events that were lost too. False when it has forgotten it.</summary>
    bool TryRead(ulong session, out KernelSession state);

    /// <summary>Ends what is left of a session's streams: their STREAM_END records follow through the ring. False where that failed.</summary>
    bool Close(ulong session);

    /// <summary>
    /// Whether the programs that see the streams were attached at a time, boot time in ns. Where they were not when a session started, its
    /// first bytes may have been missed.
    /// </summary>
    bool WasWatching(ulong time) => true;

    /// <summary>The session is written: its place may be used again.</summary>
    void Forget(ulong session);
}
