using Recorder.Cli.Api;

namespace Recorder.Cli.Playback;

/// <summary>Plays frames when they are due. Going back means playing from the start again, without waiting, up to the new position: nothing is kept.</summary>
internal sealed class Player(Func<IFrameSource> open, TerminalSink sink, PlaybackClock clock, IPlayerKeys keys, long? idleLimit)
{
    /// <summary>Nanoseconds that one press of an arrow key seeks.</summary>
    public const long SeekStep = 5_000_000_000;

    private enum Outcome { Ended, Quit, Back }

    /// <summary>Plays to the end, or until the user quits.</summary>
    /// <param name="from">Position in played nanoseconds up to which nothing is waited for.</param>
    public async Task RunAsync(long from, CancellationToken cancellation)
    {
        clock.JumpTo(from);
        while (await PlayAsync(cancellation) == Outcome.Back)
            sink.StartOver();
    }

    private async Task<Outcome> PlayAsync(CancellationToken cancellation)
    {
        var timeline = new IdleLimit(idleLimit);
        await using IFrameSource source = open();
        while (await source.NextAsync(cancellation) is { } frame)
        {
            Outcome? stop = await WaitAsync(timeline.Map(frame.Time), cancellation);
            if (stop is { } outcome)
                return outcome;
            sink.Show(frame);
        }

        sink.Flush();
        return Outcome.Ended;
    }

    /// <summary>Null once the position is reached, otherwise why playback does not go on to it.</summary>
    private async ValueTask<Outcome?> WaitAsync(long due, CancellationToken cancellation)
    {
        TimeSpan left = clock.Until(due);
        if (left != TimeSpan.Zero)
            sink.Flush();
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            PlayerKey? key = await keys.NextAsync(left, cancellation);
            if (key is null && left == TimeSpan.Zero)
                return null;
            if (key is { } pressed && Act(pressed, due) is { } outcome)
                return outcome;
            left = clock.Until(due);
        }
    }

    private Outcome? Act(PlayerKey key, long due)
    {
        switch (key)
        {
            case PlayerKey.Quit:
                return Outcome.Quit;
            case PlayerKey.Back:
                clock.JumpTo(Math.Max(0, clock.Position - SeekStep));
                return Outcome.Back;
            case PlayerKey.Forward:
                clock.JumpTo(clock.Position + SeekStep);
                return null;
            case PlayerKey.Step when clock.IsPaused:
                clock.JumpTo(due);
                return null;
            case PlayerKey.Pause:
                clock.TogglePause();
                return null;
            case PlayerKey.Faster:
                clock.Faster();
                return null;
            case PlayerKey.Slower:
                clock.Slower();
                return null;
            default:
                return null;
        }
    }
}
