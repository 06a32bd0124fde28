using Recorder.Storage;

namespace Recorder.Collector.Store;

/// <summary>The store once it is open. Until then, and after it closed, everything that needs it fails as unavailable.</summary>
internal sealed class StoreHandle
{
    private RecorderStore? _store;

    /// <exception cref="StoreException">The store is not open.</exception>
    public RecorderStore Current =>
        Volatile.Read(ref _store) ?? throw new StoreException(StoreError.Unavailable, "the store is not open", transient: true);

    public bool IsOpen => Volatile.Read(ref _store) is not null;

    public void Open(RecorderStore store) => Volatile.Write(ref _store, store);

    /// <summary>Takes the store away; who works with it finishes or fails.</summary>
    public RecorderStore? Close() => Interlocked.Exchange(ref _store, null);
}
