using System.Buffers;

namespace Recorder.Collector.Ingest;

/// <summary>One message's bytes in a rented array, charged to the budget until disposed.</summary>
internal sealed class ReceivedMessage(byte[] rented, int length, MemoryBudget budget, long charged) : IDisposable
{
    private byte[]? _rented = rented;

    public ReadOnlyMemory<byte> Bytes => _rented.AsMemory(0, length);

    /// <summary>Returns the array exactly once, whoever comes first: the store's writer or the closing connection.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _rented, null) is not { } array) return;
        ArrayPool<byte>.Shared.Return(array);
        budget.Release(charged);
    }
}
