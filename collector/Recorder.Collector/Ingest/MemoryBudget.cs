namespace Recorder.Collector.Ingest;

/// <summary>Bytes shared by many takers, served in the order in which they asked. Who can't be served waits, and so stops reading.</summary>
internal sealed class MemoryBudget(long total)
{
    private readonly Lock _gate = new();
    private readonly LinkedList<Waiter> _waiters = [];
    private long _held;

    public long Held => Volatile.Read(ref _held);

    /// <summary>Takes <paramref name="bytes"/>, but never more than there are in all, so that it can always be served some day.</summary>
    /// <returns>What was taken, to be given back with <see cref="Release"/>.</returns>
    public async ValueTask<long> AcquireAsync(long bytes, CancellationToken cancellation)
    {
        long wanted = Math.Min(bytes, total);
        LinkedListNode<Waiter> node;
        lock (_gate)
        {
            if (_waiters.Count == 0 && _held + wanted <= total)
            {
                _held += wanted;
                return wanted;
            }

            node = _waiters.AddLast(new Waiter(wanted));
        }

        await using var registration = cancellation.Register(() => Abandon(node, cancellation));
        await node.Value.Served.Task;
        return wanted;
    }

    public void Release(long bytes)
    {
        lock (_gate)
        {
            _held -= bytes;
            Serve();
        }
    }

    private void Abandon(LinkedListNode<Waiter> node, CancellationToken cancellation)
    {
        lock (_gate)
        {
            if (node.List is null) return;
            _waiters.Remove(node);
            node.Value.Served.TrySetCanceled(cancellation);
            Serve();
        }
    }

    private void Serve()
    {
        while (_waiters.First is { } first && _held + first.Value.Bytes <= total)
        {
            _waiters.RemoveFirst();
            _held += first.Value.Bytes;
            first.Value.Served.TrySetResult();
        }
    }

    private sealed class Waiter(long bytes)
    {
        public long Bytes { get; } = bytes;

        public TaskCompletionSource Served { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
