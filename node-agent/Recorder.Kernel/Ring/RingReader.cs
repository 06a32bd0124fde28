using System.Runtime.CompilerServices;

namespace Recorder.Kernel.Ring;

/// <summary>Reads records in their order, without copying and without allocating.</summary>
/// <remarks>
/// A record is 8 bytes of head, then its bytes, the whole rounded up to 8. The head's first word is the length with
/// BUSY while the kernel still writes it, and DISCARD where it changed its mind. The consumer's position is moved
/// after the handler returned: until then the kernel can't reuse the bytes, and an agent that dies reads them again.
/// </remarks>
internal sealed unsafe class RingReader(RingMemory memory)
{
    private const uint Busy = 1u << 31;
    private const uint Discard = 1u << 30;
    private const int HeadSize = 8;

    private long _malformed;
    private long _handlerFailures;

    /// <summary>Told of every PENDING and START before its handler, and so before the next record is read.</summary>
    /// <remarks>An entry by namespaces and a host terminal have no PENDING: nothing tells of them before their START.</remarks>
    public Action? Beginning { get; init; }

    /// <summary>Told of an exception that the handler threw.</summary>
    public Action<Exception>? HandlerFailed { get; init; }

    public long Malformed => Volatile.Read(ref _malformed);

    public long HandlerFailures => Volatile.Read(ref _handlerFailures);

    /// <summary>Bytes between the two positions.</summary>
    public ulong Unread => Volatile.Read(ref memory.Producer) - Volatile.Read(ref memory.Consumer);

    /// <summary>Hands over at most <paramref name="limit"/> records; returns how many were read, discarded ones included.</summary>
    public int Drain(IKernelEventHandler handler, int limit)
    {
        ulong consumer = Volatile.Read(ref memory.Consumer);
        for (int n = 0; n < limit; n++)
        {
            // Acquire: the record's bytes are read after its position and its head were.
            if (consumer >= Volatile.Read(ref memory.Producer))
                return n;
            byte* record = memory.At(consumer);
            uint head = Volatile.Read(ref *(uint*)record);
            if ((head & Busy) != 0)
                return n;
            uint length = head & ~(Busy | Discard);
            if ((head & Discard) == 0)
                Deliver(handler, new ReadOnlySpan<byte>(record + HeadSize, (int)length));
            consumer += (length + HeadSize + 7) & ~7u;
            // Release: the handler's reads are done before the kernel may write there again.
            Volatile.Write(ref memory.Consumer, consumer);
        }
        return limit;
    }

    /// <summary>
    /// Whether nothing is left. Call it before going to sleep: the kernel wakes a reader only if it sees the consumer
    /// caught up, so our store of the position must be visible before we look for the last time.
    /// </summary>
    public bool IsDrained()
    {
        Interlocked.MemoryBarrier();
        ulong consumer = Volatile.Read(ref memory.Consumer);
        return consumer >= Volatile.Read(ref memory.Producer)
            || (Volatile.Read(ref *(uint*)memory.At(consumer)) & Busy) != 0;
    }

    /// <summary>Tells the handler that a batch ended.</summary>
    public void Idle(IKernelEventHandler handler)
    {
        try
        {
            handler.Idle();
        }
#pragma warning disable CA1031 // as for a record
        catch (Exception failure)
#pragma warning restore CA1031
        {
            Failed(failure);
        }
    }

    private void Deliver(IKernelEventHandler handler, ReadOnlySpan<byte> record)
    {
        if (record.Length < KernelEvent.Size)
        {
            _malformed++;
            return;
        }
        ref readonly KernelEvent e = ref Unsafe.As<byte, KernelEvent>(ref Unsafe.AsRef(in record[0]));
        if (e.PayloadSize > (uint)(record.Length - KernelEvent.Size))
        {
            _malformed++;
            return;
        }
        if (e.Type is KernelEventType.Pending or KernelEventType.Start)
            Beginning?.Invoke();
        Call(handler, in e, record.Slice(KernelEvent.Size, (int)e.PayloadSize));
    }

    // A record that the handler can't take must not stop those behind it: the session's sequence shows the hole.
    private void Call(IKernelEventHandler handler, in KernelEvent e, ReadOnlySpan<byte> payload)
    {
        try
        {
            handler.Handle(in e, payload);
        }
#pragma warning disable CA1031 // whatever it is, it is counted, told and survived
        catch (Exception failure)
#pragma warning restore CA1031
        {
            Failed(failure);
        }
    }

    private void Failed(Exception failure)
    {
        _handlerFailures++;
        HandlerFailed?.Invoke(failure);
    }
}
