using Recorder.Storage;

namespace Recorder.Collector.Store;

/// <summary>
/// Finds sessions that ended and have no verdict, and computes it: at the start and then regularly. The writer stores a verdict with
/// the batch that ends the session; what is found here was left by a crash in between whose batch never came again.
/// </summary>
internal sealed class VerdictSweep(StoreHandle store, TimeProvider time, ILogger<VerdictSweep> log)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan FailurePause = TimeSpan.FromSeconds(5);
    private const int SessionsAtOnce = 100;

    public async Task RunAsync(CancellationToken cancellation)
    {
        while (true)
        {
            bool swept = await TryAsync(cancellation);
            await Task.Delay(swept ? Interval : FailurePause, time, cancellation);
        }
    }

    private async Task<bool> TryAsync(CancellationToken cancellation)
    {
        try
        {
            await SweepAsync(cancellation);
            return true;
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            Log.VerdictsDelayed(log, e.Message);
            return false;
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
