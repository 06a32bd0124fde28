using System.Runtime.InteropServices;
using Recorder.Agent.Hosting;
using Recorder.Kernel;

namespace Recorder.Agent.Pipeline;

/// <summary>
/// Runs on the ring's thread and does as little as can be: copies each record out, so that the kernel gets the room back. When the ring was
/// empty it says so with a mark, behind which the tracker may judge its deadlines.
/// </summary>
internal sealed class RingWriter(SlabQueue slabs, CancellationToken aborting) : IKernelEventHandler
{
    /// <summary>The type of a mark: no kernel record has it. Its time is one up to which all records were written.</summary>
    public const KernelEventType Mark = 0;

    // A record is stamped before it is submitted: one that is under way when the ring was found empty is no older than this.
    private const ulong Slack = 20_000_000;

    private const ulong BusyPeriod = 50_000_000;
    private const ulong IdlePeriod = 1_000_000_000;
    private const ulong BusyFor = 10_000_000_000;

    private long _lastSeen = Environment.TickCount64;
    private ulong _lastRecord;
    private ulong _lastMark;

    /// <summary>When the ring's thread was last seen, milliseconds of <see cref="Environment.TickCount64"/>.</summary>
    public long LastSeen => Volatile.Read(ref _lastSeen);

    public void Handle(in KernelEvent e, ReadOnlySpan<byte> payload)
    {
        _lastRecord = e.Time;
        Write(in e, payload);
    }

    public void Idle()
    {
        Volatile.Write(ref _lastSeen, Environment.TickCount64);
        ulong now = NodeClock.BootTime;
        ulong period = now < _lastRecord + BusyFor ? BusyPeriod : IdlePeriod;
        if (now < _lastMark + period)
            return;
        _lastMark = now;
        KernelEvent mark = new() { Type = Mark, Time = now - Slack };
        Write(in mark, []);
    }

    private void Write(in KernelEvent e, ReadOnlySpan<byte> payload)
    {
        slabs.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<KernelEvent>(in e)), payload, aborting);
        Volatile.Write(ref _lastSeen, Environment.TickCount64);
    }
}
