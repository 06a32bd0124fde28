using Recorder.Kernel.Interop;

namespace Recorder.Kernel.Ring;

/// <summary>
/// A BPF ring buffer as kernel/bpf/ringbuf.c lays it out: one page with the consumer's position, which is ours to
/// write; one page with the producer's; then the data, mapped twice in a row so that no record is ever split.
/// </summary>
internal sealed unsafe class RingMemory : IDisposable
{
    private readonly nint _consumerPage;
    private readonly nint _producerPages;
    private readonly nuint _producerLength;
    private bool _disposed;

    /// <param name="fd">A ring buffer map, or for tests a file of page, page, data, that is mapped in the same way.</param>
    /// <param name="size">The data's bytes: a power of two, at least a page.</param>
    /// <exception cref="CaptureException">It can't be mapped.</exception>
    public RingMemory(KernelHandle fd, int size)
    {
        Size = (ulong)size;
        nuint page = (nuint)Environment.SystemPageSize;
        _consumerPage = LibC.MMap(0, page, LibC.ProtRead | LibC.ProtWrite, LibC.MapShared, fd, 0);
        if (_consumerPage == LibC.MapFailed)
            throw new CaptureException($"mapping the ring's consumer page: {Errno.DescribeLast()}");
        _producerLength = page + (2 * (nuint)size);
        _producerPages = LibC.MMap(0, _producerLength, LibC.ProtRead, LibC.MapShared, fd, (nint)page);
        if (_producerPages == LibC.MapFailed)
        {
            int error = Errno.Last;
            _ = LibC.MUnmap(_consumerPage, page);
            throw new CaptureException($"mapping the ring's data: {Errno.Describe(error)}");
        }
    }

    /// <summary>For tests: the three parts, mapped by somebody else.</summary>
    public RingMemory(nint consumerPage, nint producerPages, int size)
    {
        _consumerPage = consumerPage;
        _producerPages = producerPages;
        Size = (ulong)size;
    }

    /// <summary>Bytes of data.</summary>
    public ulong Size { get; }

    /// <summary>Bytes consumed since the ring was made.</summary>
    public ref ulong Consumer => ref *(ulong*)_consumerPage;

    /// <summary>Bytes reserved since the ring was made.</summary>
    public ref ulong Producer => ref *(ulong*)_producerPages;

    /// <summary>Where a position's record begins.</summary>
    public byte* At(ulong position) =>
        (byte*)_producerPages + Environment.SystemPageSize + (position & (Size - 1));

    public void Dispose()
    {
        if (_disposed || _producerLength == 0)
            return;
        _disposed = true;
        _ = LibC.MUnmap(_consumerPage, (nuint)Environment.SystemPageSize);
        _ = LibC.MUnmap(_producerPages, _producerLength);
    }
}
