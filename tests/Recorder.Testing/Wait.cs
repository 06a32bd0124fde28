using System.Diagnostics;

namespace Recorder.Testing;

/// <summary>Waiting for a condition with a bound. The bound says when to give up, never how fast something must be.</summary>
public static class Wait
{
    /// <summary>How long a test waits for something that should come at once on an idle machine.</summary>
    public static TimeSpan Limit { get; } = TimeSpan.FromSeconds(60);

    /// <summary>Polls until the condition holds; fails naming what was awaited.</summary>
    public static async Task UntilAsync(Func<bool> condition, TimeSpan limit, Func<string> awaited) =>
        await UntilAsync(() => Task.FromResult(condition() ? string.Empty : null), limit, awaited);

    /// <summary>Polls until a value is there; fails naming what was awaited.</summary>
    public static async Task<T> UntilAsync<T>(Func<Task<T?>> probe, TimeSpan limit, Func<string> awaited)
        where T : class
    {
        long started = Stopwatch.GetTimestamp();
        while (true)
        {
            T? found = await probe();
            if (found is not null)
            {
                return found;
            }

            if (Stopwatch.GetElapsedTime(started) > limit)
            {
                throw new TimeoutException($"waited {limit.TotalSeconds:0} s for {awaited()}");
            }

            await Task.Delay(100);
        }
    }
}
