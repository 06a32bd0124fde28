using Recorder.Kernel.Interop;

namespace Recorder.Kernel.Host;

/// <summary>The file system that keeps maps, programs and links alive without a process.</summary>
internal static unsafe class Bpffs
{
    public const string DefaultMount = "/sys/fs/bpf";

    /// <summary>Whether a path, or the nearest directory above it that exists, lies on a bpffs.</summary>
    public static bool Contains(string path)
    {
        string? existing = path;
        while (existing is not null && !Directory.Exists(existing))
            existing = Path.GetDirectoryName(existing);
        long* stat = stackalloc long[16]; // struct statfs is 120 bytes; its first word is the type
        return existing is not null && LibC.StatFs(existing, stat) == 0 && stat[0] == LibC.BpffsMagic;
    }

    /// <summary>Mounts one at <see cref="DefaultMount"/>; null, or why it could not.</summary>
    public static string? Mount()
    {
        if (!Directory.Exists(DefaultMount))
            return $"{DefaultMount} does not exist";
        return LibC.Mount("bpf", DefaultMount, "bpf", 0, "mode=0700") == 0
            ? null
            : $"mounting bpffs at {DefaultMount}: {Errno.DescribeLast()}";
    }
}
