using Microsoft.Win32.SafeHandles;

namespace Recorder.Kernel.Interop;

/// <summary>A file descriptor of a map, program, link, directory or mapping source.</summary>
internal sealed class KernelHandle : SafeHandleMinusOneIsInvalid
{
    public KernelHandle(int fd)
        : base(ownsHandle: true) => SetHandle(fd);

    public int Fd => (int)handle;

    /// <summary>Takes a descriptor that libc returned: negative is that call's failure.</summary>
    /// <exception cref="CaptureException">Names what failed and why.</exception>
    public static KernelHandle Take(int fd, string what) => fd >= 0
        ? new KernelHandle(fd)
        : throw new CaptureException($"{what}: {Errno.DescribeLast()}");

    /// <summary>Takes a descriptor that libbpf returned: a negative one is the error number.</summary>
    /// <exception cref="CaptureException">Names what failed and why.</exception>
    public static KernelHandle TakeBpf(int fd, string what) => fd >= 0
        ? new KernelHandle(fd)
        : throw new CaptureException($"{what}: {Errno.Describe(fd)}");

    /// <summary>A second descriptor of what another owner will close.</summary>
    public static KernelHandle Duplicate(int fd, string what) =>
        Take(LibC.Fcntl(fd, LibC.FcntlDuplicateCloseOnExec, 3), what);

    protected override bool ReleaseHandle() => LibC.Close((int)handle) == 0;
}
