using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Recorder.Kernel;

namespace Recorder.Agent.Sessions;

/// <summary>
/// Records of a session of which it isn't known yet whether it is one, or whether it is to be recorded. Bounded: behind the bound stream
/// bytes become gaps of the exact length, of which those that follow one another are one, and other records are dropped and counted.
/// </summary>
/// <param name="limit">Bytes that are held at most.</param>
internal sealed class PendingEvents(int limit)
{
    /// <summary>The reason of a gap that this buffer made; no kernel record has it.</summary>
    public const byte Overflow = byte.MaxValue;

    private const int Alignment = 8;

    private byte[] _bytes = new byte[1024];
    private int _used;
    private int _last = -1;

    /// <summary>Takes one record.</summary>
    public delegate void Receiver(in KernelEvent e, ReadOnlySpan<byte> payload);

    /// <summary>Records that found no room and are no stream bytes.</summary>
    public int Dropped { get; private set; }

    /// <summary>Whether there is none.</summary>
    public bool IsEmpty => _used == 0;

    /// <summary>Keeps a copy.</summary>
    public void Add(in KernelEvent e, ReadOnlySpan<byte> payload)
    {
        if (_used + KernelEvent.Size + payload.Length <= limit)
            Append(e, payload);
        else if (e.Type is KernelEventType.Data or KernelEventType.Gap)
            AddGap(e);
        else if (e.Type is KernelEventType.StreamEnd)
            Append(e, payload);
        else
            Dropped++;
    }

    /// <summary>Hands all over, in their order, and forgets them.</summary>
    public void Release(Receiver receiver)
    {
        var at = 0;
        while (at < _used)
        {
            var e = MemoryMarshal.Read<KernelEvent>(_bytes.AsSpan(at));
            var payload = _bytes.AsSpan(at + KernelEvent.Size, (int)e.PayloadSize);
            at = Next(at, e);
            receiver(e, payload);
        }

        _bytes.AsSpan(0, _used).Clear();
        _used = 0;
        _last = -1;
    }

    private static int Next(int at, in KernelEvent e) => at + KernelEvent.Size + (((int)e.PayloadSize + Alignment - 1) & -Alignment);

    private void Append(in KernelEvent e, ReadOnlySpan<byte> payload)
    {
        var end = Next(_used, e);
        if (end > _bytes.Length)
            Array.Resize(ref _bytes, Math.Max(end, _bytes.Length * 2));
        // The size in the head says how to walk; a payload that is shorter than it says is filled with zeros by the caller's parser failing.
        MemoryMarshal.Write(_bytes.AsSpan(_used), e);
        payload.CopyTo(_bytes.AsSpan(_used + KernelEvent.Size));
        _last = _used;
        _used = end;
    }

    private void AddGap(in KernelEvent e)
    {
        if (_last >= 0)
        {
            ref var last = ref Unsafe.As<byte, KernelEvent>(ref _bytes[_last]);
            if (last.Type == KernelEventType.Gap && last.Reason == Overflow && last.Stream == e.Stream && last.Offset + last.Length == e.Offset)
            {
                last = Gap(e, last.Offset, last.Length + e.Length);
                return;
            }
        }

        Append(Gap(e, e.Offset, e.Length), default);
    }

    private static KernelEvent Gap(in KernelEvent e, ulong offset, ulong length) => new()
    {
        Type = KernelEventType.Gap,
        Stream = e.Stream,
        Reason = Overflow,
        Session = e.Session,
        Sequence = e.Sequence,
        Time = e.Time,
        Offset = offset,
        Length = length,
        Pid = e.Pid,
        Tid = e.Tid,
    };
}
