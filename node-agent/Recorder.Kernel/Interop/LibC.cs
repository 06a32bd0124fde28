using System.Runtime.InteropServices;

namespace Recorder.Kernel.Interop;

/// <summary>The calls of libc that the runtime does not offer. Failures return -1 and set errno.</summary>
internal static unsafe partial class LibC
{
    public const int ProtRead = 1;
    public const int ProtWrite = 2;
    public const int MapShared = 1;
    public const int MapFixed = 0x10;
    public const int EpollCtlAdd = 1;
    public const uint EpollIn = 1;
    public const uint EpollEdge = 1u << 31;
    public const int SchedFifo = 1;
    public const int LockExclusive = 2;
    public const int LockNonBlocking = 4;
    public const int ClockBoottime = 7;
    public const int OpenCloseOnExec = 0x80000;
    public const int OpenDirectory = 0x10000;
    public const int FcntlDuplicateCloseOnExec = 1030;
    public const long BpffsMagic = 0xcafe4a11;

    private const string Lib = "libc";

    public static nint MapFailed => -1;

    [LibraryImport(Lib, EntryPoint = "mmap", SetLastError = true)]
    public static partial nint MMap(nint address, nuint length, int protection, int flags, SafeHandle fd, nint offset);

    [LibraryImport(Lib, EntryPoint = "munmap", SetLastError = true)]
    public static partial int MUnmap(nint address, nuint length);

    [LibraryImport(Lib, EntryPoint = "close", SetLastError = true)]
    public static partial int Close(int fd);

    [LibraryImport(Lib, EntryPoint = "epoll_create1", SetLastError = true)]
    public static partial int EpollCreate(int flags);

    [LibraryImport(Lib, EntryPoint = "epoll_ctl", SetLastError = true)]
    public static partial int EpollControl(SafeHandle epoll, int operation, SafeHandle fd, byte* e);

    [LibraryImport(Lib, EntryPoint = "epoll_wait", SetLastError = true)]
    public static partial int EpollWait(SafeHandle epoll, byte* events, int count, int milliseconds);

    [LibraryImport(Lib, EntryPoint = "eventfd", SetLastError = true)]
    public static partial int EventFd(uint value, int flags);

    [LibraryImport(Lib, EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(SafeHandle fd, byte* buffer, nuint count);

    [LibraryImport(Lib, EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(SafeHandle fd, byte* buffer, nuint count);

    [LibraryImport(Lib, EntryPoint = "fcntl", SetLastError = true)]
    public static partial int Fcntl(int fd, int command, int argument);

    [LibraryImport(Lib, EntryPoint = "flock", SetLastError = true)]
    public static partial int FLock(SafeHandle fd, int operation);

    [LibraryImport(Lib, EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Open(string path, int flags);

    [LibraryImport(Lib, EntryPoint = "openat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int OpenAt(SafeHandle directory, string path, int flags);

    [LibraryImport(Lib, EntryPoint = "sched_setscheduler", SetLastError = true)]
    public static partial int SetScheduler(int tid, int policy, int* priority);

    [LibraryImport(Lib, EntryPoint = "clock_gettime", SetLastError = true)]
    public static partial int ClockGetTime(int clock, long* secondsAndNanoseconds);

    [LibraryImport(Lib, EntryPoint = "mount", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Mount(string source, string target, string type, nuint flags, string? data);

    [LibraryImport(Lib, EntryPoint = "statfs", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int StatFs(string path, long* buffer);

    [LibraryImport(Lib, EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int StatX(int directory, string path, int flags, uint mask, byte* buffer);

    [LibraryImport(Lib, EntryPoint = "uname", SetLastError = true)]
    public static partial int UName(byte* buffer);

    [LibraryImport(Lib, EntryPoint = "syscall", SetLastError = true)]
    public static partial nint SysCall(nint number, nint a, nint b, nint c, nint d, nint e);

    [LibraryImport(Lib, EntryPoint = "vasprintf")]
    public static partial int VASPrintF(byte** text, byte* format, nint arguments);

    [LibraryImport(Lib, EntryPoint = "free")]
    public static partial void Free(void* memory);
}
