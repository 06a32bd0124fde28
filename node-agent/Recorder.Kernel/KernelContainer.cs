using System.Text;

namespace Recorder.Kernel;

/// <summary>A container whose first process was not seen.</summary>
public sealed record KernelContainer
{
    /// <summary>The id of its cgroup, as the cgroup's hierarchy numbers it.</summary>
    public required ulong CgroupId { get; init; }

    /// <summary>1 or 2: the hierarchy that the id belongs to.</summary>
    public required uint CgroupVersion { get; init; }

    /// <summary>Its id or name: 1 to 71 bytes of UTF-8.</summary>
    public required string Name { get; init; }

    /// <summary>Its first process, in the host's pid namespace.</summary>
    public required uint InitPid { get; init; }

    /// <summary>That process's start, CLOCK_BOOTTIME nanoseconds.</summary>
    public required ulong InitStartTime { get; init; }

    /// <summary>The inode of its mount namespace; 0: the host's.</summary>
    public uint MountNamespace { get; init; }

    /// <summary>The inode of its pid namespace; 0: the host's.</summary>
    public uint PidNamespace { get; init; }

    internal void Validate()
    {
        if (CgroupVersion is not (1 or 2))
            throw new ArgumentOutOfRangeException(nameof(CgroupVersion), CgroupVersion, "allowed is 1 or 2");
        if (Encoding.UTF8.GetByteCount(Name) is < 1 or >= KernelContainerName.Size)
            throw new ArgumentOutOfRangeException(nameof(Name), Name, "allowed are 1 to 71 bytes");
    }
}
