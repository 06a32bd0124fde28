using System.Security.Cryptography;
using System.Text;
using Recorder.Testing;

namespace Recorder.Integration.Tests;

/// <summary>Agent and collector that stop and start while sessions live. Each test has a recorder of its own.</summary>
public sealed class RestartTests
{
    private static readonly string? Missing = Requires.Runc();

    [Fact]
    public async Task Agent_RestartedInMidSession_KeepsTheSessionAndEveryByte()
    {
        await using Scene scene = await Scene.StartAsync();
        using PseudoTerminal terminal = scene.Shell();
        await terminal.ExpectAsync("# ");
        RecordedSession before = await scene.Recorder.SessionAsync(scene.Mark, session => session.Bytes("out") > 0);

        (await scene.Recorder.Agent.TerminateAsync(Wait.Limit)).ShouldBe(0);
        terminal.Send("echo while\"\"-away\r");
        await terminal.ExpectAsync("while-away");
        await scene.Recorder.StartAgentAsync();
        terminal.Send("echo after\"\"wards; exit 3\r");
        (await terminal.WaitForExitAsync()).ShouldBe(3);

        RecordedSession session = await scene.Recorder.EndedSessionAsync(scene.Mark);
        session.Id.ShouldBe(before.Id);
        session.ExitCode.ShouldBe(3);
        Lines(await scene.Recorder.StreamAsync(session, "out")).ShouldBe(Lines(terminal.Output), session.ToString());
        session.Verdict.ShouldBe("COMPLETE", session.ToString());
    }

    [Fact]
    public async Task Agent_KilledInMidSession_KeepsTheSessionAndAccountsForEveryByte()
    {
        await using Scene scene = await Scene.StartAsync();
        using PseudoTerminal terminal = scene.Shell();
        await terminal.ExpectAsync("# ");
        RecordedSession before = await scene.Recorder.SessionAsync(scene.Mark, session => session.Bytes("out") > 0);

        terminal.Send("seq 1 20000; echo seq\"\"-done\r");
        await terminal.ExpectAsync("seq-done");
        await scene.Recorder.Agent.KillAsync();
        terminal.Send("echo while\"\"-away\r");
        await terminal.ExpectAsync("while-away");
        await scene.Recorder.StartAgentAsync();
        terminal.Send("echo after\"\"wards; exit 0\r");
        await terminal.WaitForExitAsync();

        RecordedSession session = await scene.Recorder.EndedSessionAsync(scene.Mark);
        session.Id.ShouldBe(before.Id);
        int outside = terminal.Output.Length;
        (session.Bytes("out") + session.GapBytes("out")).ShouldBeInRange(outside - terminal.Output.Count(value => value == '\r'), outside, session.ToString());
        Encoding.UTF8.GetString(await scene.Recorder.StreamAsync(session, "out")).ShouldContain("afterwards");
        session.Verdict.ShouldBeOneOf("COMPLETE", "GAPPED");
        (session.Verdict == "COMPLETE").ShouldBe(session.GapBytes("out") == 0 && session.Gaps("in") == 0);
    }

    [Fact]
    public async Task Session_OlderThanTheAgent_IsOpenLateAndUnproven()
    {
        Assert.SkipWhen(Missing is not null, Missing ?? string.Empty);
        await using RuncContainer container = await RuncContainer.StartAsync(RuncContainer.HexName());
        string mark = "late-" + Guid.NewGuid().ToString("N")[..12];
        using var terminal = new PseudoTerminal(24, 80);
        terminal.Start("runc", container.Exec(true, "sh", "-c", $": {mark}; exec sh"));
        await terminal.ExpectAsync("# ");
        await using RecorderInstance recorder = await RecorderInstance.StartAsync();
        terminal.Send("echo seen\"\"-late; exit 2\r");
        await terminal.WaitForExitAsync();

        RecordedSession session = (await Wait.UntilAsync(
            async () => (await recorder.SessionsAsync()).FirstOrDefault(one => one.Ended is not null && one.Text("containerId") == container.Name),
            Wait.Limit,
            () => "the late session")).ShouldNotBeNull();

        session.Json.GetProperty("late").GetBoolean().ShouldBeTrue();
        session.Verdict.ShouldBe("UNPROVEN", session.ToString());
        session.ExitCode.ShouldBe(2);
        Encoding.UTF8.GetString(await recorder.StreamAsync(session, "out")).ShouldContain("seen-late");
    }

    [Fact]
    public async Task Collector_AwayForAWhile_NothingIsLost()
    {
        await using Scene scene = await Scene.StartAsync();
        await scene.Recorder.Collector.KillAsync();
        ShellResult client = await Shell.RunAsync("runc", scene.Container.Exec(false, "sh", "-c", $"seq 1 100000; : {scene.Mark}"));
        await scene.Recorder.StartCollectorAsync();

        RecordedSession session = await scene.Recorder.EndedSessionAsync(scene.Mark);

        session.Verdict.ShouldBe("COMPLETE", session.ToString());
        SHA256.HashData(await scene.Recorder.StreamAsync(session, "out")).ShouldBe(SHA256.HashData(client.Out));
    }

    [Fact]
    public async Task Ring_TooSmallAndReaderStopped_LossIsExact()
    {
        await using Scene scene = await Scene.StartAsync("--ring-bytes", "65536");
        using ChildProcess client = ChildProcess.Start(
            "runc", scene.Container.Exec(false, "sh", "-c", $"echo start; sleep 3; head -c 20000000 /dev/zero; : {scene.Mark}"));
        await scene.Recorder.SessionAsync(scene.Mark, session => session.Bytes("out") > 0);
        scene.Recorder.Agent.Signal(19);
        await Wait.UntilAsync(() => client.HasExited, Wait.Limit, () => "the end of the exec");
        scene.Recorder.Agent.Signal(18);

        RecordedSession session = await scene.Recorder.EndedSessionAsync(scene.Mark);

        session.Verdict.ShouldBe("GAPPED", session.ToString());
        session.GapBytes("out").ShouldBeGreaterThan(0);
        (session.Bytes("out") + session.GapBytes("out")).ShouldBe(20_000_006, session.ToString());
    }

    /// <summary>runc clears ONLCR on the container's terminal, so that the terminal outside adds the carriage returns.</summary>
    private static string Lines(byte[] output) => Encoding.UTF8.GetString(output).Replace("\r", "", StringComparison.Ordinal);

    private sealed class Scene : IAsyncDisposable
    {
        public RecorderInstance Recorder { get; private init; } = null!;

        public RuncContainer Container { get; private init; } = null!;

        public string Mark { get; } = "restart-" + Guid.NewGuid().ToString("N")[..12];

        public static async Task<Scene> StartAsync(params string[] agentArguments)
        {
            Assert.SkipWhen(Missing is not null, Missing ?? string.Empty);
            RecorderInstance recorder = await RecorderInstance.StartAsync(agentArguments);
            return new Scene { Recorder = recorder, Container = await RuncContainer.StartAsync(RuncContainer.HexName()) };
        }

        public PseudoTerminal Shell()
        {
            var terminal = new PseudoTerminal(24, 80);
            terminal.Start("runc", Container.Exec(true, "sh", "-c", $": {Mark}; exec sh"));
            return terminal;
        }

        public async ValueTask DisposeAsync()
        {
            await Container.DisposeAsync();
            await Recorder.DisposeAsync();
        }
    }
}
