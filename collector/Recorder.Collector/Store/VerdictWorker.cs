using System.Collections.Concurrent;
using Recorder.Storage;

namespace Recorder.Collector.Store;

/// <summary>
/// Recomputes verdicts, apart from the acknowledgements. Rules:
/// 1. What changed is looked at soon after; sessions that run are passed over by the store.
/// 2. A failure puts the sessions back.
/// 3. What was forgotten with a crash is found again: sessions that ended and have no verdict are looked for at the start and then regularly.
/// </summary>
internal sealed class VerdictWorker(StoreHandle store, TimeProvider time, ILogger<VerdictWorker> log) : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan FailurePause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan SweepInterval = TimeSpan.FromMinutes(5);
    private const int SessionsAtOnce = 1000;
    private readonly ConcurrentDictionary<Guid, bool> _changed = new();
    private readonly SemaphoreSlim _signal = new(0, 1);

    public int Waiting => _changed.Count;

    public void Changed(Guid session)
    {
        if (!_changed.TryAdd(session, true) || _signal.CurrentCount > 0) return;
        try
        {
            _signal.Release();
        }
        catch (SemaphoreFullException)
        {
            // Somebody else woke it just now.
        }
    }

    public async Task RunAsync(CancellationToken cancellation)
    {
        long swept = 0;
        bool sweep = true;
        while (true)
        {
            if (sweep)
            {
                sweep = !await TryAsync(SweepAsync, cancellation);
                swept = time.GetTimestamp();
            }

            await _signal.WaitAsync(sweep ? FailurePause : SweepInterval, cancellation);
            await Task.Delay(Pause, time, cancellation);
            if (!await TryAsync(FlushAsync, cancellation)) await Task.Delay(FailurePause, time, cancellation);
            sweep |= time.GetElapsedTime(swept) >= SweepInterval;
        }
    }

    /// <summary>Computes what is waiting; for the end of the process.</summary>
    public Task<bool> FinishAsync(CancellationToken cancellation) => TryAsync(FlushAsync, cancellation);

    public void Dispose() => _signal.Dispose();

    private async Task<bool> TryAsync(Func<CancellationToken, Task> work, CancellationToken cancellation)
    {
        try
        {
            await work(cancellation);
            return true;
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            Log.VerdictsDelayed(log, _changed.Count, e.Message);
            return false;
        }
    }

    private async Task FlushAsync(CancellationToken cancellation)
    {
        while (!_changed.IsEmpty)
        {
            var sessions = _changed.Keys.Take(SessionsAtOnce).ToArray();
            // Taken out first: a session that changes while it is looked at must come again.
            foreach (var session in sessions) _changed.TryRemove(session, out _);
            try
            {
                await store.Current.Verdicts.RecomputeAsync(sessions, cancellation);
            }
            catch
            {
                foreach (var session in sessions) Changed(session);
                throw;
            }
        }
    }

    private async Task SweepAsync(CancellationToken cancellation)
    {
        int computed = 0;
        string? cursor = null;
        do
        {
            var page = await store.Current.Sessions.ListAsync(new SessionFilter { Ended = true, Verdict = Verdict.Open }, cursor, SessionsAtOnce, cancellation);
            var sessions = page.Items.Select(static session => session.Id).ToArray();
            if (sessions.Length > 0) computed += (await store.Current.Verdicts.RecomputeAsync(sessions, cancellation)).Count;
            cursor = page.Next;
        }
        while (cursor is not null);
        if (computed > 0) Log.VerdictsCaughtUp(log, computed);
    }
}
