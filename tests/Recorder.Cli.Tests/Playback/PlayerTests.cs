using System.Text;
using Recorder.Cli.Api;
using Recorder.Cli.Output;
using Recorder.Cli.Playback;

namespace Recorder.Cli.Tests.Playback;

public sealed class PlayerTests
{
    private static readonly ScreenFacts NoTerminal = new(null, null, Keys: true, Colours: false, Unicode: true);

    private readonly ManualTime _time = new();
    private readonly List<(double Seconds, string Text)> _shown = [];
    private int _opened;

    [Fact]
    public async Task Run_NoKeys_ShowsFramesWhenTheyWereRecorded()
    {
        await PlayAsync(1, null, 0, []);

        _shown.ShouldBe([(0, "a"), (1, "b"), (10, "c"), (12, "d")]);
    }

    [Fact]
    public async Task Run_DoubleSpeed_TakesHalfTheTime()
    {
        await PlayAsync(2, null, 0, []);

        _shown.ShouldBe([(0, "a"), (0.5, "b"), (5, "c"), (6, "d")]);
    }

    [Fact]
    public async Task Run_MaxSpeed_WaitsForNothing()
    {
        await PlayAsync(double.PositiveInfinity, null, 0, []);

        _shown.ShouldBe([(0, "abcd")]);
    }

    [Fact]
    public async Task Run_IdleLimit_ShortensThePauses()
    {
        await PlayAsync(1, 1.5, 0, []);

        _shown.ShouldBe([(0, "a"), (1, "b"), (2.5, "c"), (4, "d")]);
    }

    [Fact]
    public async Task Run_From_ShowsWhatCameBeforeAtOnce()
    {
        await PlayAsync(1, null, 5, []);

        _shown.ShouldBe([(0, "ab"), (5, "c"), (7, "d")]);
    }

    [Fact]
    public async Task Pause_UntilResumed_HoldsTheFrames()
    {
        await PlayAsync(1, null, 0, [(0.5, PlayerKey.Pause), (20.5, PlayerKey.Pause)]);

        _shown.ShouldBe([(0, "a"), (21, "b"), (30, "c"), (32, "d")]);
    }

    [Fact]
    public async Task Step_WhilePaused_ShowsOneFrame()
    {
        await PlayAsync(1, null, 0, [(0.5, PlayerKey.Pause), (2, PlayerKey.Step), (3, PlayerKey.Step), (4, PlayerKey.Pause)]);

        _shown.ShouldBe([(0, "a"), (2, "b"), (3, "c"), (6, "d")]);
    }

    [Fact]
    public async Task Step_WhilePlaying_DoesNothing()
    {
        await PlayAsync(1, null, 0, [(0.5, PlayerKey.Step)]);

        _shown.ShouldBe([(0, "a"), (1, "b"), (10, "c"), (12, "d")]);
    }

    [Fact]
    public async Task Forward_SkipsFiveSeconds()
    {
        await PlayAsync(1, null, 0, [(2, PlayerKey.Forward)]);

        _shown.ShouldBe([(0, "a"), (1, "b"), (5, "c"), (7, "d")]);
    }

    [Fact]
    public async Task Back_PlaysFromTheStartUpToFiveSecondsBefore()
    {
        await PlayAsync(1, null, 0, [(9, PlayerKey.Back)]);

        _opened.ShouldBe(2);
        _shown.ShouldBe([(0, "a"), (1, "b"), (9, "ab"), (15, "c"), (17, "d")]);
    }

    [Fact]
    public async Task Speed_KeysDoubleAndHalve()
    {
        await PlayAsync(1, null, 0, [(0.5, PlayerKey.Faster), (0.5, PlayerKey.Faster), (0.5, PlayerKey.Slower)]);

        _shown.ShouldBe([(0, "a"), (0.75, "b"), (5.25, "c"), (6.25, "d")]);
    }

    [Fact]
    public async Task Quit_EndsAtOnce()
    {
        await PlayAsync(1, null, 0, [(3, PlayerKey.Quit)]);

        _shown.ShouldBe([(0, "a"), (1, "b")]);
        _time.Now.ShouldBe(TimeSpan.FromSeconds(3));
    }

    [Fact]
    public async Task Quit_DuringAFlood_IsHeard()
    {
        await PlayAsync(double.PositiveInfinity, null, 0, [(0, PlayerKey.Quit)]);

        _shown.ShouldBeEmpty();
    }

    [Fact]
    public void IdleLimit_TimeThatGoesBack_StandsStill()
    {
        var limit = new IdleLimit(null);

        new[] { 5L, 3, 7 }.Select(limit.Map).ShouldBe([5L, 5, 7]);
    }

    [Theory]
    [InlineData(ConsoleKey.LeftArrow, '\0', PlayerKey.Back)]
    [InlineData(ConsoleKey.RightArrow, '\0', PlayerKey.Forward)]
    [InlineData(ConsoleKey.Spacebar, ' ', PlayerKey.Pause)]
    [InlineData(ConsoleKey.OemPeriod, '.', PlayerKey.Step)]
    [InlineData(ConsoleKey.OemPlus, '+', PlayerKey.Faster)]
    [InlineData(ConsoleKey.OemMinus, '-', PlayerKey.Slower)]
    [InlineData(ConsoleKey.Q, 'q', PlayerKey.Quit)]
    public void Keys_AreUnderstood(ConsoleKey key, char character, object expected) =>
        ConsoleKeys.Meaning(new ConsoleKeyInfo(character, key, false, false, false)).ShouldBe((PlayerKey)expected);

    private async Task PlayAsync(double speed, double? idleLimit, double from, (double Seconds, PlayerKey Key)[] keys)
    {
        using var output = new TimedOutput(this);
        var sink = new TerminalSink(output, NoTerminal, _ => { });
        var player = new Player(Open, sink, new PlaybackClock(_time, speed), new ScriptedKeys(_time, keys), idleLimit is { } limit ? (long)(limit * 1e9) : null);
        await player.RunAsync((long)(from * 1e9), TestContext.Current.CancellationToken);
        sink.Close();
    }

    private Frames Open()
    {
        _opened++;
        return new Frames();
    }

    private sealed class Frames : IFrameSource
    {
        private static readonly (double Seconds, string Text)[] Recorded = [(0, "a"), (1, "b"), (10, "c"), (12, "d")];

        private int _next;

        public ValueTask<FrameLine?> NextAsync(CancellationToken cancellation) => ValueTask.FromResult(
            _next == Recorded.Length
                ? null
                : new FrameLine { Type = "data", Stream = "out", Time = (long)(Recorded[_next].Seconds * 1e9), Data = Encoding.ASCII.GetBytes(Recorded[_next++].Text) });

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private sealed class TimedOutput(PlayerTests tests) : MemoryStream
    {
        public override void Write(ReadOnlySpan<byte> buffer) => tests._shown.Add((tests._time.Now.TotalSeconds, Encoding.UTF8.GetString(buffer)));
    }
}
