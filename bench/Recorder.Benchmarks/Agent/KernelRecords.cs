using System.Runtime.InteropServices;
using Recorder.Kernel;

namespace Recorder.Benchmarks.Agent;

/// <summary>Payloads as the kernel programs write them.</summary>
internal static class KernelRecords
{
    private const int Container = 12;

    /// <summary>START of an exec in a container, with a terminal or with pipes for input and output.</summary>
    public static byte[] Start(uint pid, bool terminal)
    {
        var start = new KernelStart
        {
            Kind = KernelKind.Exec,
            CgroupId = Container,
            CgroupVersion = 2,
            TtyKey = terminal ? pid : 0,
            Columns = (ushort)(terminal ? 80 : 0),
            Rows = (ushort)(terminal ? 24 : 0),
            CgroupSize = (ushort)"/kubepods/pod1/c1"u8.Length,
            Streams = 0b011,
            Process = Process(pid, "sh\0-c\0top\0"u8, "/bin/sh"u8, "/"u8),
        };
        return [.. Bytes(in start), .. "/kubepods/pod1/c1"u8, .. "sh\0-c\0top\0"u8, .. "/bin/sh"u8, .. "/"u8];
    }

    /// <summary>EXEC of a command with two arguments.</summary>
    public static byte[] Exec(uint pid)
    {
        KernelProcess process = Process(pid, "ls\0-l\0/srv\0"u8, "/bin/ls"u8, "/home"u8);
        return [.. Bytes(in process), .. "ls\0-l\0/srv\0"u8, .. "/bin/ls"u8, .. "/home"u8];
    }

    /// <summary>FORK by the session's first process.</summary>
    public static byte[] Fork(uint pid, uint parent)
    {
        var fork = new KernelFork { Pid = pid, StartTime = pid, ParentPid = parent, ParentStartTime = parent, NamespacePid = 7, Live = 2 };
        return Bytes(in fork);
    }

    /// <summary>EXIT of a process.</summary>
    public static byte[] Exit(uint pid, uint live)
    {
        var exit = new KernelExit { StartTime = pid, Live = live };
        return Bytes(in exit);
    }

    private static KernelProcess Process(uint pid, ReadOnlySpan<byte> argv, ReadOnlySpan<byte> exe, ReadOnlySpan<byte> cwd) => new()
    {
        Pid = pid,
        StartTime = pid,
        ParentPid = 1,
        NamespacePid = 7,
        LoginUid = uint.MaxValue,
        ArgvTotal = (uint)argv.Length,
        ArgvSize = (ushort)argv.Length,
        ExeSize = (ushort)exe.Length,
        CwdSize = (ushort)cwd.Length,
    };

    private static byte[] Bytes<T>(in T value)
        where T : unmanaged => MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value)).ToArray();
}
