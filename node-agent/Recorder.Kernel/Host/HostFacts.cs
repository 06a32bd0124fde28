using System.Globalization;
using Recorder.Kernel.Interop;

namespace Recorder.Kernel.Host;

/// <summary>What the programs must know of the host to tell it from containers.</summary>
/// <param name="PidNamespace">The inode of the host's pid namespace.</param>
/// <param name="MountNamespace">The inode of the first process's mount namespace; 0: not known.</param>
/// <param name="Devpts">The device of the host's devpts as the kernel numbers it (major &lt;&lt; 20 | minor); 0: not known.</param>
internal sealed record HostFacts(uint PidNamespace, uint MountNamespace, uint Devpts)
{
    /// <summary>PROC_PID_INIT_INO of include/linux/proc_ns.h: the first pid namespace has this inode on every kernel.</summary>
    private const uint FirstPidNamespace = 0xEFFFFFFC;

    public static HostFacts Read(Action<CaptureNotice> notice)
    {
        if (ReadNamespace("/proc/self/ns/pid") != FirstPidNamespace)
        {
            notice(new(CaptureNoticeKind.HostFactMissing, "pid namespace",
                "the agent is not in the host's pid namespace (hostPID): it can't leave itself out of what is recorded"));
        }
        uint mount = ReadNamespace("/proc/1/ns/mnt");
        if (mount == 0)
            mount = ReadNamespace("/proc/2/ns/mnt"); // kthreadd: the first mount namespace, also where process 1 is shielded
        if (mount == 0)
            notice(new(CaptureNoticeKind.HostFactMissing, "mount namespace", "/proc/1/ns/mnt and /proc/2/ns/mnt can't be read"));
        uint devpts = DeviceOf("/proc/1/root/dev/pts");
        if (devpts == 0)
            devpts = DeviceOf("/dev/pts");
        if (devpts == 0)
            notice(new(CaptureNoticeKind.HostFactMissing, "devpts", "/dev/pts of the host can't be read"));
        return new HostFacts(FirstPidNamespace, mount, devpts);
    }

    private static uint ReadNamespace(string path)
    {
        try
        {
            // "mnt:[4026531841]"
            string target = new FileInfo(path).LinkTarget ?? "";
            int open = target.IndexOf('[', StringComparison.Ordinal);
            return open > 0 && target.EndsWith(']')
                && uint.TryParse(target.AsSpan(open + 1, target.Length - open - 2), CultureInfo.InvariantCulture, out uint inode)
                ? inode
                : 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    private static unsafe uint DeviceOf(string path)
    {
        const int AtFdCwd = -100;
        const uint BasicStats = 0x7ff;
        const int DeviceMajor = 136 / sizeof(uint); // of struct statx
        uint* stat = stackalloc uint[64];
        return LibC.StatX(AtFdCwd, path, 0, BasicStats, (byte*)stat) == 0
            ? (stat[DeviceMajor] << 20) | stat[DeviceMajor + 1]
            : 0;
    }
}
