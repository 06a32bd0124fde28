using System.Buffers.Binary;

namespace Recorder.Agent.Pipeline;

/// <summary>
/// Passes records from one writing thread to one reading thread through a ring of slabs, in order, without allocating once its slabs are made.
/// When all slabs are full the writer waits: the kernel's ring fills up behind it and the kernel accounts for what it can't place.
/// </summary>
/// <remarks>
/// A slab is the writer's until it is sealed, and the writer's again when the reader has left it; in between the reader sees what
/// <see cref="Slab.Committed"/> covers. Both sides park by the same protocol: announce, look again behind a full fence, then wait.
/// </remarks>
internal sealed class SlabQueue : IDisposable
{
    public const int SlabBytes = 1 << 20;

    // A length and padding: records stand at multiples of 8, as the structs in them expect.
    private const int Prefix = 8;
    private const int Alignment = 8;

    private readonly Slab?[] _slabs;
    private readonly AutoResetEvent _filled = new(false);
    private readonly AutoResetEvent _freed = new(false);
    private long _head;
    private long _tail;
    private int _position;
    private int _readerParked;
    private int _writerParked;
    private volatile bool _completed;

    /// <param name="slabs">How many slabs of <see cref="SlabBytes"/> may be in use: at least 2.</param>
    public SlabQueue(int slabs)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(slabs, 2);
        _slabs = new Slab?[slabs];
    }

    /// <summary>True when the writer has no more and everything was read.</summary>
    public bool IsDrained => _completed && !HasRecord();

    /// <summary>True when nothing waits to be read, for the reader.</summary>
    public bool IsEmpty => !HasRecord();

    /// <summary>True while the writer waits for room.</summary>
    public bool IsWriterWaiting => Volatile.Read(ref _writerParked) != 0;

    /// <summary>How often the writer had to wait for the reader.</summary>
    public long Stalls { get; private set; }

    /// <summary>Writer: copies a record in, head and payload one behind the other, waiting for room.</summary>
    /// <exception cref="OperationCanceledException">Cancelled while it waited: the record is not in.</exception>
    public void Write(ReadOnlySpan<byte> head, ReadOnlySpan<byte> payload, CancellationToken cancellation)
    {
        int length = head.Length + payload.Length;
        int needed = (Prefix + length + Alignment - 1) & -Alignment;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(needed, SlabBytes, nameof(payload));
        Slab slab = Current();
        if (slab.Committed + needed > SlabBytes)
        {
            slab.Sealed = true;
            WaitForFreeSlab(cancellation);
            _tail++;
            slab = Current();
        }

        int at = slab.Committed;
        BinaryPrimitives.WriteInt32LittleEndian(slab.Bytes.AsSpan(at), length);
        head.CopyTo(slab.Bytes.AsSpan(at + Prefix));
        payload.CopyTo(slab.Bytes.AsSpan(at + Prefix + head.Length));
        slab.Committed = at + needed;
        WakeReader();
    }

    /// <summary>Writer: nothing follows.</summary>
    public void Complete()
    {
        _completed = true;
        _filled.Set();
    }

    /// <summary>Reader: the next record, valid until any next call of the reader's.</summary>
    public bool TryRead(out ReadOnlySpan<byte> record)
    {
        if (!HasRecord())
        {
            record = default;
            return false;
        }

        byte[] bytes = _slabs[_head % _slabs.Length]!.Bytes;
        int length = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(_position));
        record = bytes.AsSpan(_position + Prefix, length);
        _position += (Prefix + length + Alignment - 1) & -Alignment;
        return true;
    }

    /// <summary>Reader: waits until there is a record, <see cref="Wake"/> was called, or the time is over.</summary>
    public void Wait(TimeSpan limit)
    {
        Volatile.Write(ref _readerParked, 1);
        Interlocked.MemoryBarrier();
        if (!HasRecord() && !_completed)
            _filled.WaitOne(limit);
        Volatile.Write(ref _readerParked, 0);
    }

    /// <summary>Any thread: ends the reader's wait, now or at its next one.</summary>
    public void Wake() => _filled.Set();

    public void Dispose()
    {
        _filled.Dispose();
        _freed.Dispose();
    }

    private Slab Current() => _slabs[_tail % _slabs.Length] ??= new Slab();

    private bool HasRecord()
    {
        while (_slabs[_head % _slabs.Length] is Slab slab)
        {
            // The order matters: a slab that is sealed gets no more, so its length is final once the seal was seen.
            bool isSealed = slab.Sealed;
            if (_position < slab.Committed)
                return true;
            if (!isSealed)
                return false;
            Recycle(slab);
        }

        return false;
    }

    private void Recycle(Slab slab)
    {
        slab.Committed = 0;
        slab.Sealed = false;
        _position = 0;
        Volatile.Write(ref _head, _head + 1);
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _writerParked) != 0)
            _freed.Set();
    }

    private void WaitForFreeSlab(CancellationToken cancellation)
    {
        if (HasFreeSlab())
            return;
        Stalls++;
        while (!HasFreeSlab())
        {
            cancellation.ThrowIfCancellationRequested();
            Volatile.Write(ref _writerParked, 1);
            Interlocked.MemoryBarrier();
            if (!HasFreeSlab())
                _freed.WaitOne(ParkLimit);
            Volatile.Write(ref _writerParked, 0);
        }
    }

    private bool HasFreeSlab() => _tail + 1 - Volatile.Read(ref _head) < _slabs.Length;

    private void WakeReader()
    {
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _readerParked) != 0)
            _filled.Set();
    }

    // Bounds how long a writer takes to see that it was cancelled.
    private static readonly TimeSpan ParkLimit = TimeSpan.FromMilliseconds(100);

    private sealed class Slab
    {
        private int _committed;
        private bool _sealed;

        public byte[] Bytes { get; } = GC.AllocateUninitializedArray<byte>(SlabBytes);

        /// <summary>Bytes that hold whole records.</summary>
        public int Committed
        {
            get => Volatile.Read(ref _committed);
            set => Volatile.Write(ref _committed, value);
        }

        public bool Sealed
        {
            get => Volatile.Read(ref _sealed);
            set => Volatile.Write(ref _sealed, value);
        }
    }
}
