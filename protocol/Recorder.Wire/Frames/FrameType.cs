namespace Recorder.Wire;

/// <summary>Types of frames. 128 and above are ancillary: kept opaque where unknown.</summary>
public enum FrameType : byte
{
    /// <summary>No frame.</summary>
    None = 0,

    /// <summary>A full snapshot of a session: <see cref="SessionFrame"/>.</summary>
    Session = 1,

    /// <summary>Bytes of a stream: <see cref="DataFrame"/>.</summary>
    Data = 2,

    /// <summary>Bytes of a stream that are not here: <see cref="GapFrame"/>.</summary>
    Gap = 3,

    /// <summary>Nothing follows in a stream: <see cref="StreamEndFrame"/>.</summary>
    StreamEnd = 4,

    /// <summary>The session is over: <see cref="SessionEndFrame"/>.</summary>
    SessionEnd = 5,

    /// <summary>The terminal's size changed: <see cref="ResizeFrame"/>.</summary>
    Resize = 6,

    /// <summary>A process was made: <see cref="ForkFrame"/>.</summary>
    Fork = 7,

    /// <summary>A process runs another program: <see cref="ExecFrame"/>.</summary>
    Exec = 8,

    /// <summary>A process ended: <see cref="ExitFrame"/>.</summary>
    Exit = 9,

    /// <summary>A process connected a socket: <see cref="ConnectFrame"/>.</summary>
    Connect = 10,

    /// <summary>Exec probes that were counted: <see cref="ProbesFrame"/>.</summary>
    Probes = 11,

    /// <summary>A node's heartbeat: <see cref="NodeFrame"/>.</summary>
    Node = 12,

    /// <summary>A container that cannot be recorded: <see cref="UnrecordableFrame"/>.</summary>
    Unrecordable = 13,
}
