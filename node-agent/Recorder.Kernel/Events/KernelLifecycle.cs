using System.Runtime.InteropServices;

namespace Recorder.Kernel;

/// <summary>A fork in a session: <c>struct recorder_fork</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly struct KernelFork
{
    /// <summary>The child's, in CLOCK_BOOTTIME nanoseconds.</summary>
    public ulong StartTime { get; init; }

    /// <summary>The parent's, in CLOCK_BOOTTIME nanoseconds.</summary>
    public ulong ParentStartTime { get; init; }

    /// <summary>The child, in the host's pid namespace.</summary>
    public uint Pid { get; init; }

    /// <summary>The parent, in the host's pid namespace.</summary>
    public uint ParentPid { get; init; }

    /// <summary>The child, in its innermost pid namespace.</summary>
    public uint NamespacePid { get; init; }

    /// <summary>Processes of the session now, this one included.</summary>
    public uint Live { get; init; }

    /// <summary>Reads a FORK record's payload; false where it is too short.</summary>
    public static bool TryParse(ReadOnlySpan<byte> payload, out KernelFork fork) => MemoryMarshal.TryRead(payload, out fork);
}

/// <summary>A process's end: <c>struct recorder_exit</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly struct KernelExit
{
    /// <summary>The process's, in CLOCK_BOOTTIME nanoseconds.</summary>
    public ulong StartTime { get; init; }

    /// <summary>Processes of the session that remain.</summary>
    public uint Live { get; init; }

    internal uint Reserved { get; init; }

    /// <summary>Reads an EXIT record's payload; false where it is too short.</summary>
    public static bool TryParse(ReadOnlySpan<byte> payload, out KernelExit exit) => MemoryMarshal.TryRead(payload, out exit);
}

/// <summary>An outbound connection: <c>struct recorder_connect</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly struct KernelConnect
{
    /// <summary>The process's, in CLOCK_BOOTTIME nanoseconds.</summary>
    public ulong StartTime { get; init; }

    /// <summary>Names the socket until it is closed.</summary>
    public ulong Socket { get; init; }

    /// <summary>AF_UNIX 1, AF_INET 2, AF_INET6 10.</summary>
    public ushort Family { get; init; }

    /// <summary>Host order.</summary>
    public ushort Port { get; init; }

    /// <summary>IPPROTO_TCP 6, IPPROTO_UDP 17, 0 for AF_UNIX.</summary>
    public ushort Protocol { get; init; }

    /// <summary>AF_UNIX: bytes of <see cref="Address"/> used.</summary>
    public ushort PathSize { get; init; }

    /// <summary>0, or -errno; -EINPROGRESS is followed by a second record.</summary>
    public int Result { get; init; }

    /// <summary>IPv6 scope.</summary>
    public uint ScopeId { get; init; }

    /// <summary>Network order; AF_UNIX: the path.</summary>
    public KernelAddress Address { get; init; }

    internal uint Reserved { get; init; }

    /// <summary>Reads a CONNECT record's payload; false where it is too short.</summary>
    public static bool TryParse(ReadOnlySpan<byte> payload, out KernelConnect connect) =>
        MemoryMarshal.TryRead(payload, out connect) && connect.PathSize <= KernelAddress.Size;
}
