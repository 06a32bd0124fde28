using System.Text;
using Recorder.Cli.Tests.Fixtures;

namespace Recorder.Cli.Tests.Commands;

/// <summary>Runs the real executable: exit codes and the one line that says what was wrong.</summary>
public sealed class ExitCodeTests
{
    private const string First = "019a9f31-22c4-7000-8000-000000000001";
    private const string Second = "019a9f31-22c4-7000-8000-000000000002";

    [Theory]
    [InlineData("sessions --limit 0", "--limit 0: a number from 1 is allowed")]
    [InlineData("sessions --kind dance", "--kind dance: allowed are exec, attach")]
    [InlineData("play x --speed fast", "--speed fast: a number from 0.01 to 1000, or max, is allowed")]
    [InlineData("play x --idle-limit soon", "--idle-limit soon: allowed are seconds")]
    [InlineData("export x --format gif", "--format gif: allowed are asciicast-v2")]
    [InlineData("export x", "--format")]
    [InlineData("export x --format raw --stream both", "--stream both: allowed are in, out, err")]
    [InlineData("dance", "dance")]
    [InlineData("show", "show")]
    [InlineData("show zz", "'zz' is no session id")]
    [InlineData("sessions --server ftp://x", "--server ftp://x: an http:// or https:// URL without user is allowed")]
    [InlineData("sessions --server http://a:b@x", "http:// or https:// URL without user")]
    public async Task Usage_Wrong_ExitsWith2AndNamesIt(string commandLine, string expected)
    {
        await using var collector = new FixtureCollector();

        RecorderResult result = await RecorderProcess.RunAsync(collector, commandLine.Split(' '));

        result.ExitCode.ShouldBe(2, result.Error);
        result.Error.ShouldContain(expected);
        result.Error.Trim().ShouldNotContain("\n");
        result.Output.ShouldBeEmpty();
    }

    [Fact]
    public async Task Server_Unreachable_SaysWhereAndHowToSetIt()
    {
        RecorderResult result = await RecorderProcess.RunAsync("http://127.0.0.1:1", "sessions");

        result.ExitCode.ShouldBe(2);
        result.Error.ShouldContain("can't reach the collector at http://127.0.0.1:1/");
        result.Error.ShouldContain("--server URL or RECORDER_SERVER");
    }

    [Fact]
    public async Task Show_UnknownId_ExitsWith1()
    {
        await using var collector = new FixtureCollector();

        (await RecorderProcess.RunAsync(collector, "show", First)).ExitCode.ShouldBe(1);
        RecorderResult prefix = await RecorderProcess.RunAsync(collector, "show", "019a9f31");

        prefix.ExitCode.ShouldBe(1);
        prefix.Error.ShouldContain("no session's id begins with '019a9f31'");
    }

    [Fact]
    public async Task Show_AmbiguousPrefix_ListsTheCandidates()
    {
        await using var collector = new FixtureCollector();
        collector.Sessions.AddRange([new FixtureSession(First), new FixtureSession(Second)]);

        RecorderResult result = await RecorderProcess.RunAsync(collector, "show", "019a9f31-22c4");

        result.ExitCode.ShouldBe(2);
        result.Error.ShouldContain(First);
        result.Error.ShouldContain(Second);
    }

    [Fact]
    public async Task Show_UniquePrefix_FindsIt()
    {
        await using var collector = new FixtureCollector();
        collector.Sessions.AddRange([new FixtureSession(First), new FixtureSession("029a9f31-22c4-7000-8000-000000000002")]);

        RecorderResult result = await RecorderProcess.RunAsync(collector, "show", "019a");

        result.ExitCode.ShouldBe(0, result.Error);
        result.Text.ShouldContain(First);
    }

    [Fact]
    public async Task Problem_FromServer_IsPrintedPlainly()
    {
        await using var collector = new FixtureCollector { Always = (400, """{"title": "Bad request", "detail": "since must be RFC 3339\u001b[31m", "parameter": "since"}""") };

        RecorderResult result = await RecorderProcess.RunAsync(collector, "sessions", "--since", "yesterday");

        result.ExitCode.ShouldBe(2);
        result.Error.ShouldBe("recorder: since must be RFC 3339␛[31m\n");
    }

    [Fact]
    public async Task Answer_NotJson_SaysItIsNoCollector()
    {
        await using var collector = new FixtureCollector { Always = (200, "<html>") };

        RecorderResult result = await RecorderProcess.RunAsync(collector, "sessions");

        result.ExitCode.ShouldBe(2);
        result.Error.ShouldContain("is no collector");
    }

    [Fact]
    public async Task Grep_HitAndNone_ExitLikeGrep()
    {
        await using var collector = new FixtureCollector();
        (await RecorderProcess.RunAsync(collector, "grep", "x")).ExitCode.ShouldBe(1);
        collector.SearchHits.Add($$"""{"session": "{{First}}", "stream": "out", "offset": 0, "time": "2026-11-20T20:00:00Z", "line": "a x", "match": [2, 1]}""");

        RecorderResult result = await RecorderProcess.RunAsync(collector, "grep", "x", "-i", "-F", "--pod", "web");

        result.ExitCode.ShouldBe(0, result.Error);
        result.Text.ShouldBe($"{First} 2026-11-20 20:00:00.000Z out: a x\n");
        collector.Requests[^1].ShouldBe("/api/v1/search?pod=web&pattern=x&fixed=true&ignoreCase=true&limit=1000");
    }

    [Fact]
    public async Task Export_GapsFail_ExitsWith1()
    {
        await using var collector = new FixtureCollector();
        collector.Sessions.Add(new FixtureSession(First).Data(0, "out", "a"u8).Gap(0, "out", 3).Data(0, "out", "b"u8));

        RecorderResult fail = await RecorderProcess.RunAsync(collector, "export", First, "--format", "raw", "--gaps", "fail");
        RecorderResult zero = await RecorderProcess.RunAsync(collector, "export", First, "--format", "raw", "--gaps", "zero");
        RecorderResult skip = await RecorderProcess.RunAsync(collector, "export", First, "--format", "raw");

        fail.ExitCode.ShouldBe(1);
        fail.Output.ShouldBeEmpty();
        zero.Output.ShouldBe("a\0\0\0b"u8.ToArray());
        skip.Output.ShouldBe("ab"u8.ToArray());
        skip.Error.ShouldBe("recorder: 1 gap in out (3 bytes) left out\n");
    }

    [Fact]
    public async Task Output_ReaderLeaves_IsSilent()
    {
        await using var collector = new FixtureCollector();
        var session = new FixtureSession(First);
        for (int i = 0; i < 40; i++)
            session.Data(0, "out", Encoding.ASCII.GetBytes(new string('x', 100_000)));
        collector.Sessions.Add(session);

        RecorderResult raw = await RecorderProcess.ShellAsync(collector.Url, $"$RECORDER export {First} --format raw | head -c 10");
        RecorderResult cast = await RecorderProcess.ShellAsync(collector.Url, $"$RECORDER export {First} --format asciicast-v2 | head -c 10");

        raw.Error.ShouldBe("");
        raw.ExitCode.ShouldBe(0);
        raw.Text.ShouldBe("xxxxxxxxxx");
        cast.Error.ShouldBe("");
        cast.ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task Output_DiskFull_SaysSo()
    {
        if (!File.Exists("/dev/full"))
            Assert.Skip("needs /dev/full");
        await using var collector = new FixtureCollector();
        collector.Sessions.Add(new FixtureSession(First).Data(0, "out", "abc"u8));

        RecorderResult result = await RecorderProcess.ShellAsync(collector.Url, $"$RECORDER export {First} --format raw > /dev/full");

        result.ExitCode.ShouldBe(2);
        result.Error.ShouldContain("No space left");
    }
}
