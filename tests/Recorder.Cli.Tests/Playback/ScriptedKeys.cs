using Recorder.Cli.Playback;

namespace Recorder.Cli.Tests.Playback;

/// <summary>Presses keys at given times of a manual clock; waiting moves the clock.</summary>
internal sealed class ScriptedKeys(ManualTime time, params (double Seconds, PlayerKey Key)[] script) : IPlayerKeys
{
    private readonly Queue<(double Seconds, PlayerKey Key)> _script = new(script);

    public ValueTask<PlayerKey?> NextAsync(TimeSpan limit, CancellationToken cancellation)
    {
        TimeSpan until = limit == Timeout.InfiniteTimeSpan ? TimeSpan.MaxValue : time.Now + limit;
        if (_script.TryPeek(out (double Seconds, PlayerKey Key) next) && TimeSpan.FromSeconds(next.Seconds) <= until)
        {
            _script.Dequeue();
            TimeSpan at = TimeSpan.FromSeconds(next.Seconds);
            if (at > time.Now)
                time.Advance(at - time.Now);
            return ValueTask.FromResult<PlayerKey?>(next.Key);
        }

        if (until == TimeSpan.MaxValue)
            throw new InvalidOperationException("paused for ever");
        time.Advance(limit);
        return ValueTask.FromResult<PlayerKey?>(null);
    }
}
