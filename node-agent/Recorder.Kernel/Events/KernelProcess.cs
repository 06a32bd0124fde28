using System.Runtime.InteropServices;

namespace Recorder.Kernel;

/// <summary>A process: <c>struct recorder_process</c>. It is named by pid and start time together.</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly struct KernelProcess
{
    /// <summary>CLOCK_BOOTTIME nanoseconds.</summary>
    public ulong StartTime { get; init; }

    /// <summary>The parent's, in CLOCK_BOOTTIME nanoseconds.</summary>
    public ulong ParentStartTime { get; init; }

    /// <summary>Effective capabilities, a bit each.</summary>
    public ulong CapEffective { get; init; }

    /// <summary>Permitted capabilities.</summary>
    public ulong CapPermitted { get; init; }

    /// <summary>Inheritable capabilities.</summary>
    public ulong CapInheritable { get; init; }

    /// <summary>Bounding set.</summary>
    public ulong CapBounding { get; init; }

    /// <summary>Ambient capabilities.</summary>
    public ulong CapAmbient { get; init; }

    /// <summary>In the host's pid namespace.</summary>
    public uint Pid { get; init; }

    /// <summary>The parent, in the host's pid namespace.</summary>
    public uint ParentPid { get; init; }

    /// <summary>In the innermost pid namespace.</summary>
    public uint NamespacePid { get; init; }

    /// <summary>What could not be read.</summary>
    public KernelProcessFlags Flags { get; init; }

    /// <summary>Real user id, as the host sees it.</summary>
    public uint Uid { get; init; }

    /// <summary>Real group id.</summary>
    public uint Gid { get; init; }

    /// <summary>Effective user id.</summary>
    public uint EffectiveUid { get; init; }

    /// <summary>Effective group id.</summary>
    public uint EffectiveGid { get; init; }

    /// <summary>The audit login user; 0xffffffff: not set.</summary>
    public uint LoginUid { get; init; }

    /// <summary>Inode of the pid namespace.</summary>
    public uint PidNamespace { get; init; }

    /// <summary>Inode of the mount namespace.</summary>
    public uint MountNamespace { get; init; }

    /// <summary>Bytes of the whole argv, also where it was cut.</summary>
    public uint ArgvTotal { get; init; }

    /// <summary>Bytes of argv in the record.</summary>
    public ushort ArgvSize { get; init; }

    /// <summary>Bytes of the executable's path in the record.</summary>
    public ushort ExeSize { get; init; }

    /// <summary>Bytes of the working directory in the record.</summary>
    public ushort CwdSize { get; init; }

    internal ushort Reserved { get; init; }

    /// <summary>The task's name.</summary>
    public KernelComm Comm { get; init; }

    /// <summary>The parent's name.</summary>
    public KernelComm ParentComm { get; init; }
}
