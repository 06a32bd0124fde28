using System.Security.Cryptography;
using System.Text;
using Recorder.Testing;
using static Recorder.Cluster.Tests.ClusterFixture;

namespace Recorder.Cluster.Tests;

public sealed class ExecTests(ClusterFixture fixture) : ClusterTests(fixture)
{
    [Fact]
    public async Task Exec_WithoutTerminal_NamesPodAndServiceAccountAndIsIdentical()
    {
        string mark = Mark();
        ShellResult client = await KubectlAsync("exec", "web", "--", "sh", "-c", $"echo out-{mark}; echo err >&2; exit 3");

        RecordedSession session = await Recorder.EndedSessionAsync(mark);

        session.Kind.ShouldBe("exec");
        session.Tty.ShouldBeFalse();
        session.Namespace.ShouldBe("recorded");
        session.Pod.ShouldBe("web");
        session.Container.ShouldBe("main");
        session.Text("image").ShouldBe("registry.local/busybox:1");
        session.Text("serviceAccount").ShouldBe("web-runner");
        session.Text("podUid").ShouldNotBeNull().Length.ShouldBe(36);
        session.ExitCode.ShouldBe(3);
        session.Verdict.ShouldBe("COMPLETE", session.ToString());
        (await Recorder.StreamAsync(session, "out")).ShouldBe(client.Out);
        Encoding.UTF8.GetString(await Recorder.StreamAsync(session, "err")).ShouldBe("err\n");
    }

    [Fact]
    public async Task Exec_WithStdin_LargeBinaryBothWays_IsIdentical()
    {
        string mark = Mark();
        byte[] input = RandomNumberGenerator.GetBytes(20_000_000);
        ShellResult client = await KubectlAsync(input, "exec", "-i", "web", "--", "sh", "-c", $"cat; : {mark}");

        RecordedSession session = await Recorder.EndedSessionAsync(mark);

        session.Verdict.ShouldBe("COMPLETE", session.ToString());
        Hash(await Recorder.StreamAsync(session, "in")).ShouldBe(Hash(input));
        Hash(await Recorder.StreamAsync(session, "out")).ShouldBe(Hash(client.Out));
        Hash(client.Out).ShouldBe(Hash(input));
    }

    [Fact]
    public async Task Exec_OnATerminal_LargeOutput_IsIdentical()
    {
        string mark = Mark();
        using PseudoTerminal terminal = OnTerminal("exec", "-it", "web", "--", "sh", "-c", $"seq 1 200000; : {mark}");
        (await terminal.WaitForExitAsync()).ShouldBe(0);

        RecordedSession session = await Recorder.EndedSessionAsync(mark);

        session.Tty.ShouldBeTrue();
        session.Verdict.ShouldBe("COMPLETE", session.ToString());
        Hash(await Recorder.StreamAsync(session, "out")).ShouldBe(Hash(terminal.Output));
    }

    [Fact]
    public async Task Exec_ShellWithResizeAndExitCode_IsRecordedWithItsProcesses()
    {
        string mark = Mark();
        using PseudoTerminal terminal = OnTerminal("exec", "-it", "web", "--", "sh", "-c", $": {mark}; exec sh");
        await terminal.ExpectAsync("# ");
        terminal.Resize(44, 123);
        await Task.Delay(500);
        terminal.Send("/bin/stty size; /bin/busybox id; exit 7\r");
        (await terminal.WaitForExitAsync()).ShouldBe(7);

        RecordedSession session = await Recorder.EndedSessionAsync(mark);

        session.ExitCode.ShouldBe(7);
        byte[] stored = await Recorder.StreamAsync(session, "out");
        terminal.Output.AsSpan().StartsWith(stored).ShouldBeTrue();
        Encoding.UTF8.GetString(terminal.Output.AsSpan(stored.Length)).Trim().ShouldBe("command terminated with exit code 7");
        (await Recorder.CliAsync("export", session.Id, "--format", "asciicast-v2")).Succeeded().Text.ShouldContain("123x44");
        string show = (await Recorder.CliAsync("show", session.Id, "--json")).Succeeded().Text;
        show.ShouldContain("busybox");
        show.ShouldContain("stty");
    }

    [Fact]
    public async Task Exec_KilledBySignal_NamesIt()
    {
        string mark = Mark();
        (await KubectlAsync("exec", "web", "--", "sh", "-c", $": {mark}; kill -TERM $$")).ExitCode.ShouldBe(143);

        (await Recorder.EndedSessionAsync(mark)).Json.GetProperty("signal").GetInt32().ShouldBe(15);
    }

    [Fact]
    public async Task Exec_ManyAtOnce_EachIsIdentical()
    {
        string mark = Mark();
        int[] numbers = [.. Enumerable.Range(0, 8)];
        ShellResult[] clients = await Task.WhenAll(
            numbers.Select(n => KubectlAsync("exec", "web", "--", "sh", "-c", $"head -c {300_000 + n} /dev/urandom; : {mark}-{n}-end")));

        foreach (int n in numbers)
        {
            RecordedSession session = await Recorder.EndedSessionAsync($"{mark}-{n}-end");
            session.Verdict.ShouldBe("COMPLETE", session.ToString());
            Hash(await Recorder.StreamAsync(session, "out")).ShouldBe(Hash(clients[n].Out));
        }
    }

    [Fact]
    public async Task Exec_PasswordPrompt_IsMasked()
    {
        string mark = Mark();
        string canary = "Kanarie" + Guid.NewGuid().ToString("N")[..12];
        using PseudoTerminal terminal = OnTerminal(
            "exec", "-it", "web", "--", "sh", "-c", $"stty -echo; printf 'Password: '; read -r x; stty echo; echo; echo n=${{#x}}; : {mark}");
        await terminal.ExpectAsync("Password: ");
        terminal.Send(canary + "\r");
        await terminal.ExpectAsync("n=19");
        await terminal.WaitForExitAsync();

        RecordedSession session = await Recorder.EndedSessionAsync(mark);

        session.Verdict.ShouldBe("COMPLETE", session.ToString());
        (session.GapBytes("in") % 64).ShouldBe(0);
        session.GapBytes("in").ShouldBeGreaterThan(0);
        (await Recorder.CliAsync("grep", "-F", canary, "--stream", "in,out")).ExitCode.ShouldBe(1);
    }

    [Fact]
    public async Task Cp_IsAnExecOfTar()
    {
        string file = Path.Combine(Path.GetTempPath(), Mark());
        await File.WriteAllBytesAsync(file, RandomNumberGenerator.GetBytes(100_000));
        (await KubectlAsync("cp", file, "web:/tmp/copied-" + Path.GetFileName(file))).Succeeded();
        File.Delete(file);

        RecordedSession session = await Recorder.SessionAsync("tar", session => session.Ended is not null && session.Verdict != "OPEN");

        session.Verdict.ShouldBe("COMPLETE", session.ToString());
        session.Bytes("in").ShouldBeGreaterThan(100_000);
    }

    private static string Hash(byte[] bytes) => Convert.ToHexString(SHA256.HashData(bytes));
}
