namespace Recorder.Kernel;

/// <summary>Takes the records, on the ring's thread: no disk, no network, no waiting, or the ring overflows.</summary>
public interface IKernelEventHandler
{
    /// <summary>One record. The payload lies in the ring and is valid only until this returns.</summary>
    void Handle(in KernelEvent e, ReadOnlySpan<byte> payload);

    /// <summary>The ring was drained, or nothing came for the poll's time-out (20 to 100 ms).</summary>
    void Idle();
}
