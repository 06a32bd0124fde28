using System.Runtime.InteropServices;

namespace Recorder.Kernel;

/// <summary>What stands behind one of the descriptors 0 to 2: <c>struct recorder_stdio</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly struct KernelStdio
{
    /// <summary>The inode's number.</summary>
    public ulong Inode { get; init; }

    /// <summary>What it is.</summary>
    public KernelSource Source { get; init; }

    /// <summary>Bytes that stood in the pipe when it was found.</summary>
    public uint Queued { get; init; }
}

/// <summary>A session's or a container's beginning: <c>struct recorder_start</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly struct KernelStart
{
    internal const int ContainerOffset = 48;

    /// <summary>The container's cgroup, as its hierarchy numbers it.</summary>
    public ulong CgroupId { get; init; }

    /// <summary>The session that this one was begun from; 0: none.</summary>
    public ulong ParentSession { get; init; }

    /// <summary>Names the terminal; 0: no terminal.</summary>
    public ulong TtyKey { get; init; }

    /// <summary>What entered.</summary>
    public KernelKind Kind { get; init; }

    /// <summary>1 or 2; 0: none of a container.</summary>
    public uint CgroupVersion { get; init; }

    /// <summary>The pts number.</summary>
    public uint TtyIndex { get; init; }

    /// <summary>The terminal's columns.</summary>
    public ushort Columns { get; init; }

    /// <summary>The terminal's rows.</summary>
    public ushort Rows { get; init; }

    /// <summary>Depth of the root process's pid namespace; 0 is the host's.</summary>
    public uint RootPidLevel { get; init; }

    /// <summary>Bytes of the cgroup's path in the record.</summary>
    public ushort CgroupSize { get; init; }

    /// <summary>A bit for each <see cref="KernelStream"/> that the session has.</summary>
    public ushort Streams { get; init; }

    /// <summary>The container's id; empty where there is none.</summary>
    public KernelContainerName Container { get; init; }

    /// <summary>Standard input.</summary>
    public KernelStdio Input { get; init; }

    /// <summary>Standard output.</summary>
    public KernelStdio Output { get; init; }

    /// <summary>Standard error.</summary>
    public KernelStdio Error { get; init; }

    /// <summary>The session's root process.</summary>
    public KernelProcess Process { get; init; }

    /// <summary>Whether the session has a stream.</summary>
    public bool Has(KernelStream stream) => (Streams & (1 << (int)stream)) != 0;
}
