using System.Runtime.InteropServices;
using System.Text;
using Recorder.Kernel.Interop;

namespace Recorder.Kernel.Maps;

/// <summary>Value of map <c>containers</c>: <c>struct recorder_container</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ContainerValue
{
    public ulong InitStartTime;
    public uint InitPid;
    public uint MountNamespace;
    public uint PidNamespace;
    public uint Reserved;
    public KernelContainerName Name;
}

/// <summary>Map <c>containers</c>: the container's cgroup to what is known of it.</summary>
internal sealed unsafe class ContainerMap(KernelHandle map)
{
    /// <summary>Tells ids of version 1 hierarchies from those of the unified one: RECORDER_CGROUP_V1.</summary>
    public const ulong CgroupV1 = 1UL << 63;

    private const ulong OnlyIfAbsent = 1;

    /// <summary>0 or a negative error number; that a container is known already is none.</summary>
    public int Add(KernelContainer container)
    {
        ulong key = container.CgroupVersion == 1 ? container.CgroupId | CgroupV1 : container.CgroupId;
        var value = new ContainerValue
        {
            InitStartTime = container.InitStartTime,
            InitPid = container.InitPid,
            MountNamespace = container.MountNamespace,
            PidNamespace = container.PidNamespace,
        };
        Span<byte> name = value.Name;
        Encoding.UTF8.GetBytes(container.Name).AsSpan().CopyTo(name);
        int error = LibBpf.MapUpdate(map, &key, &value, OnlyIfAbsent);
        return error == -Errno.Exists ? 0 : error;
    }
}
