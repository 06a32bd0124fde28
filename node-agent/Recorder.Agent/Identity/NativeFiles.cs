using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Recorder.Agent.Identity;

/// <summary>
/// openat2(2) and statx(2): opening a path under a directory as if that were the root, which .NET has no call for. Numbers and
/// layouts are the kernel's (include/uapi/linux/openat2.h, stat.h), the same on every architecture.
/// </summary>
internal static partial class NativeFiles
{
    private const int OpenAt2 = 437;
    private const int CurrentDirectory = -100;
    private const int EmptyPath = 0x1000;
    private const uint StatxType = 1;
    private const ushort TypeMask = 0xF000;
    private const ushort RegularFile = 0x8000;

    private const ulong PathOnly = 0x200000;
    private const ulong CloseOnExec = 0x80000;
    private const int ReadNonBlocking = 0x800 | 0x80000;

    /// <summary>How far the resolution of a path may go.</summary>
    [Flags]
    public enum Resolve : ulong
    {
        None = 0,

        /// <summary>Fails at a mount point: what lies behind might be a file system whose server never answers.</summary>
        NoMounts = 0x01,

        /// <summary>Never through /proc's links, which lead outside any root.</summary>
        NoMagicLinks = 0x02,

        /// <summary>Absolute links and <c>..</c> start and stop at the directory.</summary>
        InRoot = 0x10,
    }

    /// <summary>
    /// Opens <paramref name="path"/> below <paramref name="root"/> for reading if it is a regular file, without ever opening a device, a
    /// FIFO or a socket that stands in its place; null if it can't be.
    /// </summary>
    public static SafeFileHandle? OpenRegular(string root, string path, Resolve resolve)
    {
        using var directory = Open(CurrentDirectory, root, Resolve.None);
        if (directory is null)
            return null;
        using var found = Open((int)directory.DangerousGetHandle(), path.TrimStart('/'), resolve);
        if (found is null || !IsRegular(found))
            return null;
        // Through our own descriptor, so that what was looked at is what is opened.
        var descriptor = open($"/proc/self/fd/{found.DangerousGetHandle()}", ReadNonBlocking, 0);
        return descriptor < 0 ? null : new SafeFileHandle(descriptor, ownsHandle: true);
    }

    private static unsafe SafeFileHandle? Open(int directory, string path, Resolve resolve)
    {
        var how = stackalloc ulong[3] { PathOnly | CloseOnExec, 0, (ulong)resolve };
        var name = Encoding.UTF8.GetBytes(path + '\0');
        fixed (byte* text = name)
        {
            var descriptor = syscall(OpenAt2, directory, text, how, sizeof(ulong) * 3);
            return descriptor < 0 ? null : new SafeFileHandle(descriptor, ownsHandle: true);
        }
    }

    private static unsafe bool IsRegular(SafeFileHandle handle)
    {
        var buffer = stackalloc byte[256];
        byte nothing = 0;
        return statx((int)handle.DangerousGetHandle(), &nothing, EmptyPath, StatxType, buffer) == 0
            && (*(ushort*)(buffer + 28) & TypeMask) == RegularFile;
    }

    [LibraryImport("libc")]
    private static unsafe partial nint syscall(nint number, nint directory, byte* path, ulong* how, nint size);

    [LibraryImport("libc")]
    private static unsafe partial int statx(int directory, byte* path, int flags, uint mask, byte* buffer);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags, int mode);
}
