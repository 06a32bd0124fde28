using Recorder.Cli.Tests.Fixtures;

namespace Recorder.Cli.Tests.Export;

/// <summary>What is exported is played by the real asciinema.</summary>
public sealed class AsciinemaTests
{
    private const string Id = "019a9f31-22c4-7000-8000-000000000001";

    public AsciinemaTests()
    {
        if (!File.Exists("/usr/bin/asciinema"))
            Assert.Skip("needs asciinema");
        if (!Pty.IsAvailable)
            Assert.Skip("needs script(1) of util-linux");
    }

    [Fact]
    public async Task V2_PlayedFromAPipe_ShowsTheSession()
    {
        await using FixtureCollector collector = Collector();
        using var pty = new Pty(collector.Url, $"set -o pipefail; $RECORDER export {Id} --format asciicast-v2 | asciinema play -; echo code $?");

        await pty.FinishAsync();

        pty.Seen.ShouldContain("one\r\n\xc3\xa9two\r\n");
        pty.Seen.ShouldContain("code 0");
    }

    [Fact]
    public async Task V2_Cat_ShowsTheSession()
    {
        await using FixtureCollector collector = Collector();
        using var pty = new Pty(collector.Url, $"set -o pipefail; $RECORDER export {Id} --format asciicast-v2 | asciinema cat -; echo code $?");

        await pty.FinishAsync();

        pty.Seen.ShouldContain("one\r\n\xc3\xa9two\r\n");
        pty.Seen.ShouldContain("code 0");
    }

    private static FixtureCollector Collector()
    {
        var collector = new FixtureCollector();
        collector.Sessions.Add(new FixtureSession(Id)
            .Exec(0, "sh", "-c", "x")
            .Data(0.05, "out", [.. "one\r\n"u8, 0xC3])
            .Data(0.1, "out", [0xA9, .. "two\r\n"u8])
            .Resize(0.1, 100, 30)
            .Gap(0.1, "out", null)
            .Data(0.15, "in", "x"u8)
            .End(0.2, 0));
        return collector;
    }
}
