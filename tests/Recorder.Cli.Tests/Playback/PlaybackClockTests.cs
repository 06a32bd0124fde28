using Recorder.Cli.Playback;

namespace Recorder.Cli.Tests.Playback;

public sealed class PlaybackClockTests
{
    private const long Second = 1_000_000_000;

    private readonly ManualTime _time = new();

    [Fact]
    public void Position_RunsWithTimeTimesSpeed()
    {
        var clock = new PlaybackClock(_time, 3);

        _time.Advance(TimeSpan.FromSeconds(2));

        clock.Position.ShouldBe(6 * Second);
        clock.Until(9 * Second).ShouldBe(TimeSpan.FromSeconds(1));
        clock.Until(Second).ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public void Position_Paused_Stands()
    {
        var clock = new PlaybackClock(_time, 1);
        clock.TogglePause();

        _time.Advance(TimeSpan.FromSeconds(2));

        clock.Position.ShouldBe(0);
        clock.Until(Second).ShouldBe(Timeout.InfiniteTimeSpan);
        clock.JumpTo(Second);
        clock.Until(Second).ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public void Speed_HasBounds()
    {
        var clock = new PlaybackClock(_time, 1);
        for (int i = 0; i < 20; i++)
            clock.Faster();
        clock.Speed.ShouldBe(PlaybackClock.Fastest);
        for (int i = 0; i < 40; i++)
            clock.Slower();
        clock.Speed.ShouldBe(PlaybackClock.Slowest);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(0.07)]
    public void Until_AfterWaitingSoLong_IsReached(double speed)
    {
        var clock = new PlaybackClock(_time, speed);
        foreach (long due in new[] { 1L, 333, 1_000_001, 7_777_777_777 })
        {
            _time.Advance(clock.Until(due));
            clock.Until(due).ShouldBe(TimeSpan.Zero);
        }
    }
}
