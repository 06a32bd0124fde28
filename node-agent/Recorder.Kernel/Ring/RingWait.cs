using Recorder.Kernel.Interop;

namespace Recorder.Kernel.Ring;

/// <summary>Sleeps until the kernel wakes the ring's reader, somebody asks for attention, or a time passes.</summary>
/// <remarks>
/// The ring is watched edge-triggered. Level-triggered, one record that a preempted task has reserved and not yet
/// submitted would make the wait return at once, over and over, and bytes that the kernel batches would wake us.
/// </remarks>
internal sealed unsafe class RingWait : IDisposable
{
    private const int EventFdCloseOnExecNonBlocking = 0x80800;

    private readonly KernelHandle _epoll;
    private readonly KernelHandle _attention;

    public RingWait(KernelHandle ring)
    {
        _epoll = KernelHandle.Take(LibC.EpollCreate(LibC.OpenCloseOnExec), "epoll_create1");
        _attention = KernelHandle.Take(LibC.EventFd(0, EventFdCloseOnExecNonBlocking), "eventfd");
        Watch(ring);
        Watch(_attention);
    }

    /// <summary>False where the wait failed.</summary>
    public bool Wait(int milliseconds)
    {
        byte* events = stackalloc byte[2 * 16];
        return LibC.EpollWait(_epoll, events, 2, milliseconds) >= 0 || Errno.Last == Errno.Interrupted;
    }

    /// <summary>Ends the current or the next wait.</summary>
    public void Interrupt()
    {
        ulong one = 1;
        _ = LibC.Write(_attention, (byte*)&one, sizeof(ulong)); // it can only fail when it is set already
    }

    public void Dispose()
    {
        _epoll.Dispose();
        _attention.Dispose();
    }

    private void Watch(KernelHandle fd)
    {
        // struct epoll_event: the mask comes first; 12 bytes on x86-64, 16 elsewhere. The data is not used.
        byte* e = stackalloc byte[16];
        new Span<byte>(e, 16).Clear();
        *(uint*)e = LibC.EpollIn | LibC.EpollEdge;
        if (LibC.EpollControl(_epoll, LibC.EpollCtlAdd, fd, e) != 0)
            throw new CaptureException($"watching the ring: {Errno.DescribeLast()}");
    }
}
