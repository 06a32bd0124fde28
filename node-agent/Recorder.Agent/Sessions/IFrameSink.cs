using Recorder.Wire;

namespace Recorder.Agent.Sessions;

/// <summary>
/// Takes what is to be recorded, in the order in which it is given: the sink numbers the frames. Called on the tracker's thread only, and
/// never fails or waits: where there is no room for stream bytes the sink itself writes a GAP of their exact length in their place.
/// Times are CLOCK_BOOTTIME nanoseconds. Spans are valid only until the call returns.
/// </summary>
internal interface IFrameSink
{
    /// <summary>Bytes of a stream: 1 to <see cref="WireLimits.Data"/>. Allocates nothing.</summary>
    void Data(Guid subject, ulong time, StreamId stream, ulong offset, DataFlags flags, ReadOnlySpan<byte> bytes);

    /// <summary>Bytes of a stream that are not here. Allocates nothing.</summary>
    void Gap(Guid subject, ulong time, in GapFrame gap);

    /// <summary>A stream's end.</summary>
    void StreamEnd(Guid subject, ulong time, in StreamEndFrame end);

    /// <summary>A snapshot of a session.</summary>
    void Session(Guid subject, ulong time, SessionSnapshot snapshot);

    /// <summary>A session's end; process frames may still follow.</summary>
    void SessionEnd(Guid subject, ulong time, in SessionEndFrame end);

    /// <summary>A terminal's new size.</summary>
    void Resize(Guid subject, ulong time, in ResizeFrame size);

    /// <summary>A process of the session was made.</summary>
    void Fork(Guid subject, ulong time, in ForkFrame fork);

    /// <summary>A process of the session runs another program.</summary>
    void Exec(Guid subject, ulong time, ExecFrame exec);

    /// <summary>A process of the session ended.</summary>
    void Exit(Guid subject, ulong time, in ExitFrame exit);

    /// <summary>A process of the session connected a socket.</summary>
    void Connect(Guid subject, ulong time, scoped in ConnectFrame connect);

    /// <summary>Exec probes that were counted; the subject is the origin.</summary>
    void Probes(ulong time, ProbesFrame probes);

    /// <summary>A container that can't be recorded; the subject is the origin.</summary>
    void Unrecordable(ulong time, UnrecordableFrame container);
}
