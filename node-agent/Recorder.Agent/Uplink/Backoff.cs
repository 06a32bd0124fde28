namespace Recorder.Agent.Uplink;

/// <summary>Delays between attempts: doubling from 0.2 s to 10 s, each between half of that and all of it, so that nodes don't return in step.</summary>
internal sealed class Backoff(Random random)
{
    public static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(200);

    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    /// <summary>Before the next attempt where the collector refused for a reason that time alone won't mend.</summary>
    public static readonly TimeSpan AfterRefusal = TimeSpan.FromSeconds(30);

    private int _failures;

    public TimeSpan Next()
    {
        double ceiling = Math.Min(Longest.TotalMilliseconds, Shortest.TotalMilliseconds * Math.Pow(2, _failures));
        _failures = Math.Min(_failures + 1, 16);
        return TimeSpan.FromMilliseconds(ceiling * (0.5 + (random.NextDouble() / 2)));
    }

    /// <summary>Progress was made: the next failure is a first one.</summary>
    public void Reset() => _failures = 0;
}
