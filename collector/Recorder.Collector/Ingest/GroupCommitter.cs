using System.Threading.Channels;
using Recorder.Collector.Configuration;
using Recorder.Collector.Diagnostics;
using Recorder.Collector.Store;
using Recorder.Storage;
using Recorder.Wire;

namespace Recorder.Collector.Ingest;

/// <summary>
/// The one writer. Batches of all connections go into the store together: an insert is sent once it holds enough bytes or its first
/// batch waited long enough. Rules:
/// 1. Batches of a connection are stored in the order in which it submitted them.
/// 2. A batch is confirmed only after the store confirmed the insert that held it.
/// 3. A failed insert is tried again, with growing pauses, until it succeeds or the collector stops; meanwhile nothing is confirmed.
/// 4. A batch whose connection was superseded is left out of the next attempt: the newer connection brings it again.
/// </summary>
internal sealed class GroupCommitter(
    IBatchStore store,
    CollectorOptions options,
    CollectorMetrics metrics,
    StoreState state,
    TimeProvider time,
    ILogger<GroupCommitter> log)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    /// <summary>Unbounded in number: the bytes in it are bounded by the memory budget that each batch was charged to.</summary>
    private readonly Channel<PendingBatch> _queue = Channel.CreateUnbounded<PendingBatch>(new UnboundedChannelOptions { SingleReader = true });

    /// <summary>Raised after an insert, with what it held, on the writer's own flow: handlers must be quick.</summary>
    public event Action<IReadOnlyList<PendingBatch>>? Committed;

    /// <summary>Takes over the batch; it is settled in any case, stored or not.</summary>
    public void Submit(PendingBatch batch)
    {
        if (!_queue.Writer.TryWrite(batch)) batch.Settle(stored: false);
    }

    /// <summary>Lets <see cref="RunAsync"/> end after what is queued.</summary>
    public void Complete() => _queue.Writer.TryComplete();

    /// <summary>Runs until <see cref="Complete"/> and an empty queue, or until cancelled; what is left then is settled as not stored.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        var group = new List<PendingBatch>();
        try
        {
            while (await _queue.Reader.WaitToReadAsync(cancellation))
            {
                await CollectAsync(group, cancellation);
                await CommitAsync(group, cancellation);
                group.Clear();
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Stopping with the store away: the agents were told nothing and keep their batches.
        }
        finally
        {
            _queue.Writer.TryComplete();
            foreach (var batch in group) batch.Settle(stored: false);
            while (_queue.Reader.TryRead(out var batch)) batch.Settle(stored: false);
        }
    }

    private async Task CollectAsync(List<PendingBatch> group, CancellationToken cancellation)
    {
        long bytes = 0;
        using var window = new CancellationTokenSource(options.CommitDelay, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(window.Token, cancellation);
        try
        {
            do
            {
                while (bytes < options.CommitBytes && _queue.Reader.TryRead(out var batch))
                {
                    group.Add(batch);
                    bytes += batch.Batch.Bytes.Length;
                }
            }
            while (bytes < options.CommitBytes && await _queue.Reader.WaitToReadAsync(either.Token));
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // The window is over: what came is the group.
        }
    }

    private async Task CommitAsync(List<PendingBatch> group, CancellationToken cancellation)
    {
        var pause = FirstPause;
        while (true)
        {
            DropAbandoned(group);
            if (group.Count == 0) return;
            try
            {
                long started = time.GetTimestamp();
                await store.WriteAsync(group.ConvertAll(static pending => pending.Batch), cancellation);
                metrics.Inserts.Observe(time.GetElapsedTime(started));
                state.Succeeded();
                Confirm(group);
                return;
            }
            catch (Exception e) when (StoreFailure.IsOfContent(e))
            {
                // One of them can't be stored as it is: the others must not wait for it.
                if (group.Count == 1) await FailAsync(group[0], e);
                else foreach (var single in group.ToArray()) await CommitAsync([single], cancellation);
                return;
            }
            catch (Exception e) when (!cancellation.IsCancellationRequested)
            {
                metrics.InsertFailed();
                state.Failed(e);
                Log.InsertRetried(log, group.Count, pause.TotalMilliseconds, e.Message);
            }

            await Task.Delay(pause, time, cancellation);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    private async Task FailAsync(PendingBatch pending, Exception failure)
    {
        var header = pending.Batch.Batch.Header;
        metrics.InsertFailed();
        Log.BatchUnstorable(log, header.Origin, header.Epoch, header.FirstSeq, header.LastSeq, failure.Message);
        await pending.Claim.FailAsync(Refusal(failure));
        pending.Settle(stored: false);
    }

    private static RefusalException Refusal(Exception failure) => failure switch
    {
        BatchConflictException => new(RefuseCode.Conflict, "frames of this sequence are stored with other bytes"),
        MalformedBatchException => new(RefuseCode.Malformed, failure.Message),
        _ => new(RefuseCode.StoreUnavailable, "the store refuses a batch of this connection; the collector's log says why"),
    };

    private static void DropAbandoned(List<PendingBatch> group)
    {
        foreach (var batch in group.Where(static batch => batch.Claim.IsSuperseded)) batch.Settle(stored: false);
        group.RemoveAll(static batch => batch.Claim.IsSuperseded);
    }

    private void Confirm(List<PendingBatch> group)
    {
        foreach (var batch in group) metrics.BatchStored(batch.Batch.FrameCount, batch.Batch.Bytes.Length);
        Committed?.Invoke(group);
        foreach (var batch in group) batch.Settle(stored: true);
    }
}
