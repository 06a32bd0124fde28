using System.Diagnostics;

namespace Recorder.Agent.Uplink;

/// <summary>What a collector's resume point means for the queue.</summary>
internal enum ResumeOutcome
{
    /// <summary>The next batch to send continues what the collector has.</summary>
    Continues,

    /// <summary>The collector has less than it acknowledged before: what lies between is gone here.</summary>
    Behind,

    /// <summary>The collector claims frames that were never sent.</summary>
    Ahead,
}

/// <summary>
/// Batches in the order they were cut, from the cut until their acknowledgement. One thread adds, one connection at a time takes and
/// acknowledges. The lock is held for a few instructions only and never while something is sent.
/// </summary>
internal sealed class BatchQueue : IDisposable
{
    private readonly Lock _lock = new();
    private readonly List<QueuedBatch> _batches = [];
    private readonly SemaphoreSlim _changed = new(0, 1);
    private int _head;
    private int _next;
    private long _bytes;
    private long _inFlight;
    private ulong _acknowledged;
    private ulong _sent;
    private int _signalled;
    private TaskCompletionSource? _empty;

    /// <summary>All batches that are not acknowledged, bytes.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Frames that are cut and not acknowledged.</summary>
    public long Frames
    {
        get
        {
            lock (_lock)
                return _head == _batches.Count ? 0 : (long)(_batches[^1].LastSeq - _acknowledged);
        }
    }

    /// <summary>The last number that the collector acknowledged; 0: none.</summary>
    public ulong Acknowledged
    {
        get
        {
            lock (_lock)
                return _acknowledged;
        }
    }

    public void Add(QueuedBatch batch)
    {
        lock (_lock)
        {
            Debug.Assert(_head == _batches.Count || batch.FirstSeq == _batches[^1].LastSeq + 1, "Batches are added in order.");
            _batches.Add(batch);
            Volatile.Write(ref _bytes, _bytes + batch.Length);
        }

        Signal();
    }

    /// <summary>Takes the next batch that fits into the window of unacknowledged bytes; one is always allowed. <see cref="Release"/> it.</summary>
    public bool TryTake(long window, out QueuedBatch batch)
    {
        lock (_lock)
        {
            batch = null!;
            if (_next == _batches.Count)
                return false;
            QueuedBatch next = _batches[_next];
            if (_inFlight > 0 && _inFlight + next.Length > window)
                return false;
            next.Hold();
            _next++;
            _inFlight += next.Length;
            _sent = Math.Max(_sent, next.LastSeq);
            batch = next;
            return true;
        }
    }

    /// <summary>The sender has written it.</summary>
    public void Release(QueuedBatch batch)
    {
        lock (_lock)
            batch.Release();
    }

    /// <summary>Frees everything up to a number. False when that was never sent.</summary>
    public bool TryAcknowledge(ulong seq)
    {
        lock (_lock)
        {
            if (seq > _sent)
                return false;
            Free(seq);
        }

        Signal();
        return true;
    }

    /// <summary>A new connection: everything after <paramref name="resume"/> is sent again, as it was cut.</summary>
    public ResumeOutcome Resume(ulong resume)
    {
        lock (_lock)
        {
            if (resume > _sent)
                return ResumeOutcome.Ahead;
            if (resume < _acknowledged)
                return ResumeOutcome.Behind;
            Free(resume);
            _next = _head;
            _inFlight = 0;
        }

        Signal();
        return ResumeOutcome.Continues;
    }

    /// <summary>Empties the queue for a new epoch; <see cref="Release"/> each batch. Not while there is a connection.</summary>
    public IReadOnlyList<QueuedBatch> Restart()
    {
        lock (_lock)
        {
            List<QueuedBatch> kept = _batches[_head..];
            _batches.Clear();
            (_head, _next, _inFlight, _acknowledged, _sent) = (0, 0, 0, 0, 0);
            Volatile.Write(ref _bytes, 0);
            return kept;
        }
    }

    /// <summary>Waits until something was added or acknowledged since the last wait, or the time is over.</summary>
    public async Task WaitAsync(TimeSpan limit, CancellationToken cancellation)
    {
        if (await _changed.WaitAsync(limit, cancellation))
            Interlocked.Exchange(ref _signalled, 0);
    }

    /// <summary>Ends the wait without a change.</summary>
    public void Wake() => Signal();

    /// <summary>Completes when nothing waits for its acknowledgement.</summary>
    public Task WhenEmptyAsync()
    {
        lock (_lock)
        {
            if (_head == _batches.Count)
                return Task.CompletedTask;
            _empty ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _empty.Task;
        }
    }

    public void Dispose() => _changed.Dispose();

    private void Free(ulong seq)
    {
        while (_head < _batches.Count && _batches[_head].LastSeq <= seq)
        {
            QueuedBatch batch = _batches[_head];
            _batches[_head++] = null!;
            Volatile.Write(ref _bytes, _bytes - batch.Length);
            if (_head <= _next)
                _inFlight -= batch.Length;
            batch.Release();
        }

        _next = Math.Max(_next, _head);
        _acknowledged = Math.Max(_acknowledged, seq);
        Compact();
        if (_head < _batches.Count)
            return;
        _empty?.TrySetResult();
        _empty = null;
    }

    // The list's front is freed once it is as long as the rest: amortised constant work for each batch.
    private void Compact()
    {
        if (_head < 64 || _head * 2 < _batches.Count)
            return;
        _batches.RemoveRange(0, _head);
        _next -= _head;
        _head = 0;
    }

    // At most one signal is pending: whoever waits looks at everything when it comes.
    private void Signal()
    {
        if (Interlocked.Exchange(ref _signalled, 1) == 0)
            _changed.Release();
    }
}
