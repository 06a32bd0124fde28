using Recorder.Kernel.Interop;

namespace Recorder.Kernel.Programs;

/// <summary>A loaded map's shape.</summary>
internal readonly record struct MapInfo(uint Id, uint KeySize, uint ValueSize, uint MaxEntries, uint BtfId);

/// <summary>What the kernel says of a descriptor: struct bpf_map_info and bpf_prog_info of include/uapi/linux/bpf.h.</summary>
internal static unsafe class ObjectInfo
{
    private const int InfoSize = 256;

    /// <exception cref="CaptureException">The kernel did not say.</exception>
    public static MapInfo ReadMap(KernelHandle map)
    {
        byte* info = stackalloc byte[InfoSize];
        Read(map, info);
        var words = (uint*)info; // type, id, key size, value size, entries, flags, name[16], …; BTF id at byte 64
        return new MapInfo(words[1], words[2], words[3], words[4], words[16]);
    }

    /// <exception cref="CaptureException">The kernel did not say.</exception>
    public static ulong ReadLoadTime(KernelHandle program)
    {
        byte* info = stackalloc byte[InfoSize];
        Read(program, info);
        return ((ulong*)info)[5]; // byte 40
    }

    private static void Read(KernelHandle handle, byte* info)
    {
        new Span<byte>(info, InfoSize).Clear();
        uint size = InfoSize;
        int error = LibBpf.GetInfo(handle, info, &size);
        if (error < 0)
            throw new CaptureException($"reading an object's facts: {Errno.Describe(error)}");
    }
}
