using System.Collections.Concurrent;

namespace Recorder.Kernel.Tests;

/// <summary>Keeps every record with its payload.</summary>
internal sealed class RecordingHandler : IKernelEventHandler
{
    private int _idles;

    public ConcurrentQueue<(KernelEvent Event, byte[] Payload)> Records { get; } = new();

    public int Idles => Volatile.Read(ref _idles);

    /// <summary>Called on the ring's thread before the record is kept.</summary>
    public Action<KernelEvent>? Seen { get; init; }

    public void Handle(in KernelEvent e, ReadOnlySpan<byte> payload)
    {
        Seen?.Invoke(e);
        Records.Enqueue((e, payload.ToArray()));
    }

    public void Idle() => Interlocked.Increment(ref _idles);

    public void AwaitRecords(int count) =>
        KernelAccess.Eventually(() => Records.Count >= count, $"{count} records (there are {Records.Count})");
}
