namespace Recorder.Cli.Playback;

/// <summary>Where playback is, in nanoseconds of the played timeline: it runs with the wall clock times speed, stands while paused and jumps on demand.</summary>
internal sealed class PlaybackClock
{
    /// <summary>Slowest and fastest that the keys reach; each step doubles or halves.</summary>
    public const double Slowest = 1.0 / 16;
    public const double Fastest = 64;

    private readonly TimeProvider _time;
    private double _anchor;
    private long _anchored;

    /// <param name="time">The wall clock.</param>
    /// <param name="speed">1 is real time; infinity waits for nothing.</param>
    public PlaybackClock(TimeProvider time, double speed)
    {
        _time = time;
        Speed = speed;
        _anchored = time.GetTimestamp();
    }

    public double Speed { get; private set; }

    public bool IsPaused { get; private set; }

    public long Position => (long)Exact;

    private double Exact => IsPaused || double.IsInfinity(Speed) ? _anchor : _anchor + (_time.GetElapsedTime(_anchored).TotalNanoseconds * Speed);

    public void TogglePause()
    {
        Anchor(Exact);
        IsPaused = !IsPaused;
    }

    public void Faster() => Change(Speed * 2);

    public void Slower() => Change(Speed / 2);

    public void JumpTo(long position) => Anchor(position);

    /// <summary>How long until the position is reached: zero when it is, infinite while paused.</summary>
    public TimeSpan Until(long position)
    {
        if (IsPaused)
            return position <= Position ? TimeSpan.Zero : Timeout.InfiniteTimeSpan;
        if (double.IsInfinity(Speed))
            return TimeSpan.Zero;
        double left = (position - Exact) / Speed;
        // Rounded up to a tick, so that after waiting so long the position is reached.
        return left <= 0 ? TimeSpan.Zero : TimeSpan.FromTicks((long)Math.Min(Math.Ceiling(left / 100), TimeSpan.TicksPerDay));
    }

    private void Change(double speed)
    {
        if (double.IsInfinity(Speed))
            return;
        Anchor(Exact);
        Speed = Math.Clamp(speed, Slowest, Fastest);
    }

    private void Anchor(double position)
    {
        _anchor = position;
        _anchored = _time.GetTimestamp();
    }
}
