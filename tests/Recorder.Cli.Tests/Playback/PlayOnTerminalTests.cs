using System.Text;
using Recorder.Cli.Tests.Fixtures;
using Recorder.Cli.Tests.Terminal;

namespace Recorder.Cli.Tests.Playback;

/// <summary>The real executable on a real pseudo-terminal.</summary>
public sealed class PlayOnTerminalTests
{
    private const string Id = "019a9f31-22c4-7000-8000-000000000001";

    public PlayOnTerminalTests()
    {
        if (!Pty.IsAvailable)
            Assert.Skip("needs script(1) of util-linux");
    }

    [Fact]
    public async Task Play_HostileRecording_ChangesNothingAndIsPutBack()
    {
        FixtureSession session = new FixtureSession(Id)
            .Data(0, "out", "before\r\n\e]0;owned\a\e[6n\e[c\e]52;c;cm0=\a\e[?1049h\e[?1000;2004h\e[3;9r\e[2J\e[31mfull\eP$qm\e\\\e[5i"u8)
            .Data(0.1, "out", [0x9B, .. "21t after"u8]);
        await using var collector = With(session);
        using var pty = new Pty(collector.Url, "$RECORDER play " + Id);

        int exitCode = await pty.FinishAsync();

        exitCode.ShouldBe(0, pty.Seen);
        string seen = pty.Seen;
        seen.ShouldContain("full");
        seen.ShouldContain(" after");
        seen.ShouldNotContain("owned");
        seen.ShouldNotContain("\e[6n");
        seen.ShouldContain("\e[?1049l");
        seen.ShouldContain("\e[r");
        seen.ShouldContain("8 control sequences were not passed on to the terminal");
        Filtered.Violations(Encoding.Latin1.GetBytes(seen.Replace("\e[?1h\e=", "", StringComparison.Ordinal).Replace("\e[?1l\e>", "", StringComparison.Ordinal))).ShouldBe("");
    }

    [Fact]
    public async Task Play_Keys_PauseStepAndQuit()
    {
        FixtureSession session = new FixtureSession(Id).Data(0, "out", "one "u8).Data(3600, "out", "two "u8).Data(7200, "out", "three "u8).Data(9000, "out", "four "u8);
        await using var collector = With(session);
        using var pty = new Pty(collector.Url, "$RECORDER play " + Id);

        await pty.WaitForAsync("one ");
        await pty.TypeAsync(" .");
        await pty.WaitForAsync("two ");
        await pty.TypeAsync(".");
        await pty.WaitForAsync("three ");
        await pty.TypeAsync("q");

        (await pty.FinishAsync()).ShouldBe(0);
        pty.Seen.ShouldNotContain("four");
    }

    [Fact]
    public async Task Play_ArrowBack_StartsOver()
    {
        FixtureSession session = new FixtureSession(Id).Data(0, "out", "one "u8).Data(3600, "out", "two "u8);
        await using var collector = With(session);
        using var pty = new Pty(collector.Url, "$RECORDER play " + Id);

        await pty.WaitForAsync("one ");
        await pty.TypeAsync("\e[D");
        await pty.WaitForAsync("\e[H\e[2Jone ");
        await pty.TypeAsync("q");

        (await pty.FinishAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task Play_CtrlC_PutsTheTerminalBack()
    {
        FixtureSession session = new FixtureSession(Id).Data(0, "out", "\e[?1049h\e[?25l\e[1mone "u8).Data(3600, "out", "two "u8);
        await using var collector = With(session);
        using var pty = new Pty(collector.Url, $"stty -a > /tmp/recorder-$$.a; $RECORDER play {Id}; code=$?; stty -a > /tmp/recorder-$$.b; cmp /tmp/recorder-$$.a /tmp/recorder-$$.b && echo same; rm -f /tmp/recorder-$$.?; exit $code");

        await pty.WaitForAsync("one ");
        await pty.TypeAsync("\u0003");

        (await pty.FinishAsync()).ShouldBe(130, pty.Seen);
        pty.Seen.ShouldContain("\e[0m\e[4l\e[?7h\e[?25h\e[?1049l");
        pty.Seen.ShouldContain("same");
    }

    [Fact]
    public async Task Play_OtherSize_Warns()
    {
        FixtureSession session = new FixtureSession(Id).Data(0, "out", "x\r\n"u8);
        session.Facts["terminal"] = new System.Text.Json.Nodes.JsonObject { ["name"] = "pts/1", ["columns"] = 132, ["rows"] = 50 };
        await using var collector = With(session);
        using var pty = new Pty(collector.Url, "$RECORDER play " + Id);

        (await pty.FinishAsync()).ShouldBe(0);

        pty.Seen.ShouldContain("recorded at 132x50, this window is 80x24");
    }

    [Fact]
    public async Task Play_NoTerminal_ErrIsColouredAndGapsAreShown()
    {
        FixtureSession session = new FixtureSession(Id, tty: false).Data(0, "out", "a\n"u8).Data(0, "err", "b\n"u8).Gap(0, "out", 7);
        await using var collector = With(session);
        using var pty = new Pty(collector.Url, "$RECORDER play " + Id);

        (await pty.FinishAsync()).ShouldBe(0);

        pty.Seen.ShouldContain("a\r\n\e[31mb\r\n\e[39m\e[7m[7 bytes of out missing: RING_FULL]\e[27m");
    }

    [Fact]
    public async Task Play_NotOnATerminal_WritesFilteredOutputAlone()
    {
        FixtureSession session = new FixtureSession(Id, tty: false).Data(0, "out", "a\e]0;x\ab\n"u8).Data(0.2, "err", "c\n"u8).Gap(0.2, "err", null);
        await using var collector = With(session);

        RecorderResult result = await RecorderProcess.RunAsync(collector, "play", Id, "--speed", "max");

        result.Text.ShouldBe("ab\nc\n");
        result.Error.ShouldBe("recorder: an unknown number of bytes of err missing: RING_FULL\nrecorder: 1 control sequence was not passed on to the terminal\n");
    }

    [Fact]
    public async Task Export_RawOnATerminal_IsRefused()
    {
        await using var collector = With(new FixtureSession(Id).Data(0, "out", "\e[6n"u8));
        using var pty = new Pty(collector.Url, $"$RECORDER export {Id} --format raw");

        (await pty.FinishAsync()).ShouldBe(2);

        pty.Seen.ShouldContain("could harm your terminal");
        pty.Seen.ShouldNotContain("\e[6n");
    }

    private static FixtureCollector With(FixtureSession session)
    {
        var collector = new FixtureCollector();
        collector.Sessions.Add(session);
        return collector;
    }

}
