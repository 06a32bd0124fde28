namespace Recorder.Wire;

/// <summary>Limits of wire version 1, as FORMAT.md names them. Sizes are bytes.</summary>
public static class WireLimits
{
    /// <summary>The newest version of the wire that this assembly speaks.</summary>
    public const int Version = 1;

    /// <summary>The oldest version of the wire that this assembly speaks.</summary>
    public const int OldestVersion = 1;

    /// <summary>Largest message, its length prefix not counted: 16 MiB.</summary>
    public const int Message = 16 * 1024 * 1024;

    /// <summary>Largest batch: 8 MiB.</summary>
    public const int Batch = 8 * 1024 * 1024;

    /// <summary>Most sections in one batch.</summary>
    public const int Sections = 65_536;

    /// <summary>Largest frame: 1 MiB.</summary>
    public const int Frame = 1024 * 1024;

    /// <summary>Most stream bytes in one DATA frame: 256 KiB.</summary>
    public const int Data = 256 * 1024;

    /// <summary>Most arrays and maps inside each other, the outermost counted.</summary>
    public const int Nesting = 16;

    /// <summary>Most elements of an array or a map inside a frame or message (argv, labels, counters, subjects).</summary>
    public const int Elements = 4_096;

    /// <summary>Most streams that a SESSION frame names.</summary>
    public const int Streams = 16;

    /// <summary>Most bytes of argv that the agent keeps: 32 KiB.</summary>
    public const int Argv = 32 * 1024;

    /// <summary>Most bytes of a session's labels, keys and values together, that are written: 64 KiB.</summary>
    public const int Labels = 64 * 1024;

    /// <summary>Most characters of a kernel program's detail that are written.</summary>
    public const int Detail = 4_096;

    /// <summary>Bytes of a SHA-256 hash.</summary>
    public const int Hash = 32;

    /// <summary>Ext type of a UUID: 16 bytes, big-endian.</summary>
    public const sbyte UuidExtension = 2;
}
