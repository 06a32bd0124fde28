namespace Recorder.Cli.Playback;

/// <summary>Maps recorded time to played time: no pause between two frames is longer than the limit, and time never goes back.</summary>
internal sealed class IdleLimit(long? limit)
{
    private long _recorded;
    private long _played;

    /// <summary>When a frame is due, in played nanoseconds. To be asked for frame after frame.</summary>
    public long Map(long recorded)
    {
        long pause = Math.Max(0, recorded - _recorded);
        _recorded = Math.Max(_recorded, recorded);
        _played += limit is { } most ? Math.Min(pause, most) : pause;
        return _played;
    }
}
