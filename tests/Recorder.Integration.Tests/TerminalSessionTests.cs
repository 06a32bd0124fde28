using System.Globalization;
using System.Text;
using System.Text.Json;
using Recorder.Testing;

namespace Recorder.Integration.Tests;

public sealed class TerminalSessionTests(RecorderFixture fixture) : RecorderTests(fixture)
{
    [Fact]
    public async Task Exec_LargeTerminalOutput_IsIdentical()
    {
        string mark = Mark();
        using PseudoTerminal terminal = ExecOnTerminal("sh", "-c", $"seq 1 200000; : {mark}");
        (await terminal.WaitForExitAsync()).ShouldBe(0);

        RecordedSession session = await Recorder.EndedSessionAsync(mark);

        session.Tty.ShouldBeTrue();
        session.Verdict.ShouldBe("COMPLETE", session.ToString());
        byte[] stored = await Recorder.StreamAsync(session, "out");
        SameText(stored, terminal.Output).ShouldBeTrue();
    }

    [Fact]
    public async Task Shell_TypedCommands_AreInInputOutputAndProcessTree()
    {
        string mark = Mark();
        using PseudoTerminal terminal = ExecOnTerminal("sh", "-c", $": {mark}; exec sh");
        await terminal.ExpectAsync("# ");
        terminal.Send("echo hel\"\"lo\r");
        await terminal.ExpectAsync("hello");
        terminal.Send("/bin/ls /bin | wc -l\r");
        await terminal.ExpectAsync("# ", terminal.Output.Length);
        terminal.Send("exit 5\r");
        (await terminal.WaitForExitAsync()).ShouldBe(5);

        RecordedSession session = await Recorder.EndedSessionAsync(mark);

        session.ExitCode.ShouldBe(5);
        Encoding.UTF8.GetString(await Recorder.StreamAsync(session, "in")).ShouldContain("echo hel\"\"lo\r");
        SameText(await Recorder.StreamAsync(session, "out"), terminal.Output).ShouldBeTrue();
        string show = (await Recorder.CliAsync("show", session.Id, "--json")).Succeeded().Text;
        show.ShouldContain("/bin/ls");
    }

    [Fact]
    public async Task Terminal_Resized_IsRecorded()
    {
        string mark = Mark();
        using PseudoTerminal terminal = ExecOnTerminal("sh", "-c", $": {mark}; exec sh");
        await terminal.ExpectAsync("# ");
        terminal.Resize(40, 132);
        await Wait.UntilAsync(
            async () =>
            {
                int from = terminal.Output.Length;
                terminal.Send("stty size\r");
                await terminal.ExpectAsync("# ", from + 10);
                return Encoding.UTF8.GetString(terminal.Output.AsSpan(from)).Contains("40 132", StringComparison.Ordinal) ? mark : null;
            },
            Wait.Limit,
            () => "the new size inside");
        terminal.Send("exit\r");
        await terminal.WaitForExitAsync();

        RecordedSession session = await Recorder.EndedSessionAsync(mark);

        string cast = (await Recorder.CliAsync("export", session.Id, "--format", "asciicast-v2")).Succeeded().Text;
        cast.Split('\n').ShouldContain(line => line.Contains("\"r\"", StringComparison.Ordinal) && line.Contains("132x40", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("stty -echo; printf 'Password: '; read -r secret; stty echo; echo; echo length=${#secret}; : ")]
    [InlineData("stty -echo -icanon min 1; printf 'Password: '; secret=$(dd bs=1 count=24 2>/dev/null); stty sane; echo; echo length=${#secret}; : ")]
    public async Task Password_TypedWithEchoOff_IsNowhereAndItsLengthIsRounded(string script)
    {
        string mark = Mark();
        string canary = "Canary" + Guid.NewGuid().ToString("N")[..18];
        using PseudoTerminal terminal = ExecOnTerminal("sh", "-c", script + mark);
        await terminal.ExpectAsync("Password: ");
        foreach (char key in canary)
        {
            terminal.Send(key.ToString());
        }

        terminal.Send("\r");
        await terminal.ExpectAsync("length=24");
        await terminal.WaitForExitAsync();

        RecordedSession session = await Recorder.EndedSessionAsync(mark);

        byte[] input = await Recorder.StreamAsync(session, "in");
        Encoding.UTF8.GetString(input).ShouldNotContain(canary[..8]);
        Encoding.UTF8.GetString(input).ShouldNotContain(canary[^8..]);
        (await Recorder.CliAsync("grep", "-F", canary, "--stream", "in,out")).ExitCode.ShouldBe(1);
        session.Gaps("in").ShouldBeGreaterThan(0);
        (session.GapBytes("in") % 64).ShouldBe(0);
        session.Verdict.ShouldBe("COMPLETE", session.ToString());
    }

    [Fact]
    public async Task Asciicast_OfASession_PlaysInAsciinema()
    {
        Assert.SkipWhen(Requires.Program("asciinema") is not null, Requires.Program("asciinema") ?? string.Empty);
        string mark = Mark();
        using PseudoTerminal terminal = ExecOnTerminal("sh", "-c", $"printf 'shown-{mark} \\342\\202\\254\\n'");
        await terminal.WaitForExitAsync();
        RecordedSession session = await Recorder.EndedSessionAsync(mark);
        string file = Path.GetTempFileName();
        (await Recorder.CliAsync("export", session.Id, "--format", "asciicast-v2", "--output", file)).Succeeded();

        ShellResult shown = await Shell.RunAsync("script", ["-qec", "asciinema cat " + file, "/dev/null"], environment: new Dictionary<string, string> { ["LC_ALL"] = "C.UTF-8" });

        File.Delete(file);
        shown.Succeeded().Text.ShouldContain($"shown-{mark} €");
    }

    [Fact]
    public async Task HostTerminal_OfScript_IsATerminalSession()
    {
        string mark = Mark();
        using var terminal = new PseudoTerminal(24, 80);
        terminal.Start("script", ["-qc", $"echo in-script-{mark}; exit 4", "/dev/null"]);
        await terminal.WaitForExitAsync();

        RecordedSession session = await Recorder.EndedSessionAsync($"in-script-{mark}; exit");

        session.Kind.ShouldBe("terminal");
        Encoding.UTF8.GetString(await Recorder.StreamAsync(session, "out")).ShouldContain($"in-script-{mark}\r\n");
    }

    [Fact]
    public async Task Connects_OfASession_AreListedWithTheirResult()
    {
        string mark = Mark();
        await using RuncContainer container = await RuncContainer.StartAsync(
            RuncContainer.HexName(),
            change: specification =>
            {
                var namespaces = specification["linux"]!["namespaces"]!.AsArray();
                namespaces.Remove(namespaces.Single(entry => (string?)entry!["type"] == "network"));
            });
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        int open = ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
        await Shell.RunAsync("runc", container.Exec(false, "sh", "-c", $"timeout 2 nc 127.0.0.1 {open}; timeout 2 nc 127.0.0.1 1; : {mark}"));

        RecordedSession session = await Recorder.EndedSessionAsync(mark);

        using JsonDocument show = JsonDocument.Parse((await Recorder.CliAsync("show", session.Id, "--json")).Succeeded().Out);
        string connections = show.RootElement.GetProperty("connections").ToString().Replace(" ", "", StringComparison.Ordinal);
        connections.ShouldContain(string.Create(CultureInfo.InvariantCulture, $"\"port\":{open}"));
        connections.ShouldContain("ECONNREFUSED");
    }

    /// <summary>runc clears ONLCR on the container's terminal, so that the terminal outside adds the carriage returns.</summary>
    private static bool SameText(byte[] stored, byte[] shown) =>
        stored.Where(value => value != '\r').SequenceEqual(shown.Where(value => value != '\r'));
}
