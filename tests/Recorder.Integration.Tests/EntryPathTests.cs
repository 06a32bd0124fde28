using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Recorder.Testing;

namespace Recorder.Integration.Tests;

public sealed class EntryPathTests(RecorderFixture fixture) : RecorderTests(fixture)
{
    [Fact]
    public async Task Nsenter_IntoAContainer_IsASession()
    {
        string mark = Mark();
        ShellResult client = await Shell.RunAsync(
            "nsenter",
            ["--target", Container.Pid.ToString(CultureInfo.InvariantCulture), "--mount", "--pid", "--ipc", "--uts", "/bin/sh", "-c", $"echo by-nsenter-{mark}"]);

        RecordedSession session = await Recorder.EndedSessionAsync($"by-nsenter-{mark}");

        session.Kind.ShouldBe("nsenter");
        (await Recorder.StreamAsync(session, "out")).ShouldBe(client.Succeeded().Out);
    }

    [Fact]
    public async Task CloneIntoCgroup_IsASession()
    {
        string mark = Mark();
        string program = await Fixtures.CompileAsync("clone-into-cgroup");
        ShellResult client = await Shell.RunAsync(
            program, [Container.Pid.ToString(CultureInfo.InvariantCulture), "/bin/sh", "-c", $"echo by-clone-{mark}; : end"]);

        client.Succeeded().Text.ShouldContain($"by-clone-{mark}");
        RecordedSession session = await Recorder.EndedSessionAsync($"by-clone-{mark}");
        session.Kind.ShouldBe("exec");
        (await Recorder.StreamAsync(session, "out")).ShouldBe(client.Out);
        session.Verdict.ShouldBe("COMPLETE", session.ToString());
    }

    [Fact]
    public async Task ContainerWithATerminal_IsAnAttachSession()
    {
        string mark = Mark();
        string name = RuncContainer.HexName();
        await using RuncContainer container = await RuncContainer.StartAsync(RuncContainer.HexName());
        using var terminal = new PseudoTerminal(24, 80);
        string bundle = await Fixtures.CopyBundleAsync(container, specification =>
        {
            specification["process"]!["terminal"] = true;
            specification["process"]!["args"] = new JsonArray("sh", "-c", $"echo attached-{mark}; exit 6");
            specification["linux"]!["cgroupsPath"] = $"/recorder-test/{name}";
        });
        terminal.Start("runc", ["run", "--bundle", bundle, name]);
        (await terminal.WaitForExitAsync()).ShouldBe(6);

        RecordedSession session = await Recorder.EndedSessionAsync($"attached-{mark}");

        Directory.Delete(bundle, recursive: true);
        session.Kind.ShouldBe("attach");
        session.Tty.ShouldBeTrue();
        Encoding.UTF8.GetString(await Recorder.StreamAsync(session, "out")).ShouldContain($"attached-{mark}");
    }

    [Fact]
    public async Task ContainersOwnOutput_IsNoSession()
    {
        string mark = Mark();
        await using RuncContainer container = await RuncContainer.StartAsync(RuncContainer.HexName(), $"echo log-{mark}; sleep 1000");
        string later = Mark();
        await ExecAsync($": {later}");
        await Recorder.EndedSessionAsync(later);

        (await Recorder.SessionsAsync()).ShouldNotContain(session => session.CommandLine.Contains(mark, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Exec_IntoAContainerWithARuntimesOwnName_IsASession()
    {
        string mark = Mark();
        await using RuncContainer container = await RuncContainer.StartAsync("named-" + mark);
        ShellResult client = await Shell.RunAsync("runc", container.Exec(false, "sh", "-c", $"echo named; : {mark}"));

        RecordedSession session = await Recorder.EndedSessionAsync(mark);

        session.Verdict.ShouldBe("COMPLETE", session.ToString());
        (await Recorder.StreamAsync(session, "out")).ShouldBe(client.Succeeded().Out);
    }

    [Fact]
    public async Task HostProgramsWithoutATerminal_AreNoSessions()
    {
        string mark = Mark();
        await Shell.RunAsync("/bin/sh", ["-c", $"echo {mark}"]);
        string later = Mark();
        await ExecAsync($": {later}");
        await Recorder.EndedSessionAsync(later);

        (await Recorder.SessionsAsync()).ShouldNotContain(session => session.CommandLine.Contains(mark, StringComparison.Ordinal));
    }

    [Fact]
    public async Task ContainerKilled_EndsTheSession()
    {
        string mark = Mark();
        await using RuncContainer container = await RuncContainer.StartAsync(RuncContainer.HexName());
        Task<ShellResult> client = Shell.RunAsync("runc", container.Exec(false, "sh", "-c", $"echo before; sleep 1000; : {mark}"));
        await Recorder.SessionAsync(mark, session => session.Bytes("out") > 0);
        (await Shell.RunAsync("runc", ["kill", container.Name, "KILL"])).Succeeded();
        ShellResult ended = await client;

        RecordedSession session = await Recorder.EndedSessionAsync(mark);

        session.Json.GetProperty("signal").GetInt32().ShouldBe(9);
        session.Verdict.ShouldBe("COMPLETE", session.ToString());
        (await Recorder.StreamAsync(session, "out")).ShouldBe(ended.Out);
    }
}
