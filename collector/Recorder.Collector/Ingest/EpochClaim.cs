using System.Diagnostics.CodeAnalysis;

namespace Recorder.Collector.Ingest;

/// <summary>A connection's hold on its (origin, epoch). Over when the connection closed and everything it submitted is settled.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The source has no timer and no wait handle, so disposing it frees nothing; a newer claim may still cancel it.")]
internal sealed class EpochClaim(Guid origin, Guid epoch)
{
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _superseded = new();
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource? _drained;
    private int _pending;
    private bool _closed;

    public Guid Origin { get; } = origin;

    public Guid Epoch { get; } = epoch;

    /// <summary>Why the store will not take what this connection sent, or null.</summary>
    public RefusalException? Failure { get; private set; }

    /// <summary>Fires when a newer connection takes the epoch, or the store refused a batch of this one: nothing more of it is stored.</summary>
    public CancellationToken Superseded => _superseded.Token;

    public bool IsSuperseded => _superseded.IsCancellationRequested;

    /// <summary>Completes when nothing of this connection can reach the store any more.</summary>
    public Task Over => _over.Task;

    public Task SupersedeAsync() => _superseded.CancelAsync();

    public Task FailAsync(RefusalException failure)
    {
        Failure = failure;
        return _superseded.CancelAsync();
    }

    public void PendingSubmitted()
    {
        lock (_gate) _pending++;
    }

    public void PendingSettled()
    {
        lock (_gate)
        {
            _pending--;
            Announce();
        }
    }

    /// <summary>Waits until everything submitted so far is settled.</summary>
    public Task DrainAsync(CancellationToken cancellation)
    {
        lock (_gate)
        {
            if (_pending == 0) return Task.CompletedTask;
            _drained ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _drained.Task.WaitAsync(cancellation);
        }
    }

    /// <summary>The connection submits no more.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            Announce();
        }
    }

    private void Announce()
    {
        if (_pending > 0) return;
        _drained?.TrySetResult();
        _drained = null;
        if (_closed) _over.TrySetResult();
    }
}
