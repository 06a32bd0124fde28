using System.Runtime.InteropServices;
using Recorder.Kernel.Interop;
using Recorder.Kernel.Ring;

namespace Recorder.Kernel.Tests;

/// <summary>A ring in a memory file, mapped as the kernel maps one, and written as the kernel writes it.</summary>
internal sealed unsafe partial class FakeRing : IDisposable
{
    public const uint Busy = 1u << 31;
    public const uint Discard = 1u << 30;

    private readonly nint _base;
    private readonly nuint _length;
    private readonly KernelHandle _file;

    public FakeRing(int size)
    {
        nint page = Environment.SystemPageSize;
        _file = KernelHandle.Take(MemFd("ring", 0), "memfd");
        FTruncate(_file, (2 * page) + size).ShouldBe(0);
        _length = (nuint)((2 * page) + (2 * size));
        _base = LibC.MMap(0, _length, LibC.ProtRead | LibC.ProtWrite, LibC.MapShared, _file, 0);
        // The data a second time behind the first: what runs over the end is read on without a seam.
        Map(_base + (2 * page) + size, (nuint)size, 2 * page);
        Memory = new RingMemory(_base, _base + page, size);
    }

    public RingMemory Memory { get; }

    /// <summary>Reserves a record as the kernel does: busy, and not readable until it is committed.</summary>
    public ulong Reserve(int length)
    {
        ulong at = Memory.Producer;
        *(uint*)Memory.At(at) = (uint)length | Busy;
        Volatile.Write(ref Memory.Producer, at + (ulong)((length + 8 + 7) / 8 * 8));
        return at;
    }

    public void Commit(ulong at, bool discard = false)
    {
        uint head = *(uint*)Memory.At(at) & ~Busy;
        Volatile.Write(ref *(uint*)Memory.At(at), discard ? head | Discard : head);
    }

    public Span<byte> Bytes(ulong at, int length) => new(Memory.At(at) + 8, length);

    /// <summary>Writes a whole record.</summary>
    public bool TryWrite(in KernelEvent e, ReadOnlySpan<byte> payload)
    {
        int length = KernelEvent.Size + payload.Length;
        if (Memory.Producer - Volatile.Read(ref Memory.Consumer) + (ulong)length + 16 > Memory.Size)
            return false;
        ulong at = Reserve(length);
        Span<byte> bytes = Bytes(at, length);
        MemoryMarshal.Write(bytes, in e);
        payload.CopyTo(bytes[KernelEvent.Size..]);
        Commit(at);
        return true;
    }

    public void Dispose()
    {
        _ = LibC.MUnmap(_base, _length);
        _file.Dispose();
    }

    private void Map(nint address, nuint length, nint offset) =>
        LibC.MMap(address, length, LibC.ProtRead | LibC.ProtWrite, LibC.MapShared | LibC.MapFixed, _file, offset).ShouldBe(address);

    [LibraryImport("libc", EntryPoint = "memfd_create", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MemFd(string name, uint flags);

    [LibraryImport("libc", EntryPoint = "ftruncate", SetLastError = true)]
    private static partial int FTruncate(SafeHandle file, nint length);
}
