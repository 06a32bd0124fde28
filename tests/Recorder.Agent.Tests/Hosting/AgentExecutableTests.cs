using System.Net.Sockets;
using System.Text;
using Recorder.Agent.Tests.Uplink;
using Recorder.Wire;

namespace Recorder.Agent.Tests.Hosting;

public sealed class AgentExecutableTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("recorder-agent-").FullName;

    private string State => Path.Combine(_directory, "state");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Help_ExitsZeroAndPrintsEverySetting()
    {
        await using AgentProcess agent = await AgentProcess.RunAsync("--help");

        (await agent.ExitAsync()).ShouldBe(0);
        agent.Output.ShouldContain("--ring-bytes SIZE");
    }

    [Fact]
    public async Task WrongSettings_ExitTwoWithALineForEach()
    {
        await using AgentProcess agent = await AgentProcess.RunAsync("--ring-bytes", "1000", "--colector", "x");

        (await agent.ExitAsync()).ShouldBe(2);
        agent.Errors.Trim().Split('\n').ShouldBe(
        [
            "recorder-agent: --colector: unknown flag; did you mean --collector?",
            "recorder-agent: ring-bytes: \"1000\" (flag --ring-bytes) is not allowed; allowed: a power of two from 64 KiB to 1 GiB",
        ]);
    }

    [Fact]
    public async Task Unprivileged_ExitsThreeWithOneLineThatNamesTheCapabilities()
    {
        await using AgentProcess agent = Environment.UserName == "root" ? StartWithoutCapabilities() : AgentProcess.Start(NoVariables, "--state", State);

        (await agent.ExitAsync()).ShouldBe(3);
        string line = agent.Errors.Trim();
        line.Split('\n').Length.ShouldBe(1);
        line.ShouldContain("CAP_BPF");
    }

    [Fact]
    public async Task Check_SaysWhatEachProgramIs()
    {
        SkipUnlessRecordable();
        await using AgentProcess agent = await AgentProcess.RunAsync("--check");

        (await agent.ExitAsync()).ShouldBe(0, agent.Output);
        agent.Output.ShouldContain("btf         yes");
        agent.Output.ShouldContain("capture     possible");
        agent.Output.ShouldContain("\nruntime     ");
    }

    [Fact]
    public async Task Uninstall_NeverRun_HasNothingToRemove()
    {
        await using AgentProcess agent = await AgentProcess.RunAsync("--uninstall", "--state", State);

        (await agent.ExitAsync()).ShouldBe(0);
        agent.Output.ShouldContain("nothing to remove");
    }

    [Fact]
    public async Task Run_Supervised_TellsReadySignsOfLifeAndStopping()
    {
        SkipUnlessRecordable();
        string path = Path.Combine(_directory, "notify");
        using Socket manager = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { ReceiveTimeout = 90_000 };
        manager.Bind(new UnixDomainSocketEndPoint(path));
        await using TestCollector collector = new TestCollector().Start();
        await using AgentProcess agent = Start(
            collector.Port, new Dictionary<string, string> { ["NOTIFY_SOCKET"] = path, ["WATCHDOG_USEC"] = "1000000" }, "--on-stop", "detach");

        Receive(manager, "READY=1");
        Receive(manager, "WATCHDOG=1");
        Receive(manager, "WATCHDOG=1");
        agent.Terminate();
        Receive(manager, "STOPPING=1");

        (await agent.ExitAsync()).ShouldBe(0, agent.Errors);
        Lines(agent, " Ready: ready").ShouldBe(1);
    }

    [Fact]
    public async Task Run_Stopped_DrainsAndTheNextEpochFollows()
    {
        SkipUnlessRecordable();
        await using TestCollector collector = new TestCollector().Start();
        await using (AgentProcess first = Start(collector.Port, NoVariables, "--cluster", "c", "--node-name", "n"))
        {
            await first.SaysAsync("CollectorConnected");
            first.Terminate();
            (await first.ExitAsync()).ShouldBe(0, first.Errors);
            first.Errors.ShouldContain("everything was acknowledged");
        }

        Hello hello = collector.Hellos.ShouldHaveSingleItem();
        (hello.Origin.Cluster, hello.Origin.Node, hello.PreviousEpoch).ShouldBe(("c", "n", null));
        collector.Frames().ShouldContain(frame => frame.Header.Type == FrameType.Node && frame.Header.Subject == hello.Origin.Id);
        collector.Violations.ShouldBeEmpty();
        await using TestCollector next = new TestCollector().Start();
        await using AgentProcess second = Start(next.Port, NoVariables, "--on-stop", "detach");
        await second.SaysAsync("CollectorConnected");
        second.Errors.ShouldContain("Adopted");
        second.Terminate();
        (await second.ExitAsync()).ShouldBe(0, second.Errors);
        next.Hellos.ShouldHaveSingleItem().PreviousEpoch.ShouldBe(hello.Epoch);
        Directory.Exists(PinsOf(hello.Origin.Id)).ShouldBeFalse();
    }

    [Fact]
    public async Task Run_StateInUse_ExitsOneNamingThePid()
    {
        SkipUnlessRecordable();
        await using TestCollector collector = new TestCollector().Start();
        await using AgentProcess first = Start(collector.Port, NoVariables, "--on-stop", "detach");
        await first.SaysAsync(" Ready: ready");

        await using AgentProcess second = await AgentProcess.RunAsync("--collector", $"127.0.0.1:{collector.Port}", "--state", State);

        (await second.ExitAsync()).ShouldBe(1);
        second.Errors.ShouldContain($"in use by the agent with pid {first.Id}");
        first.Terminate();
        (await first.ExitAsync()).ShouldBe(0, first.Errors);
    }

    [Fact]
    public async Task Run_NoCollector_IsReadyAllTheSameAndTellsWhatItLost()
    {
        SkipUnlessRecordable();
        await using AgentProcess agent = Start(1, NoVariables, "--drain-timeout", "100ms");
        await agent.SaysAsync(" Ready: ready");
        await agent.SaysAsync("CollectorUnreachable");

        agent.Terminate();

        (await agent.ExitAsync()).ShouldBe(0, agent.Errors);
        agent.Errors.ShouldContain("had not acknowledged within");
        await using AgentProcess uninstall = await AgentProcess.RunAsync("--uninstall", "--state", State);
        (await uninstall.ExitAsync()).ShouldBe(0, uninstall.Errors);
        uninstall.Output.ShouldContain("removed /sys/fs/bpf/recorder/");
    }

    private static Dictionary<string, string> NoVariables { get; } = [];

    private static string PinsOf(Guid origin) => $"/sys/fs/bpf/recorder/{origin}";

    private AgentProcess Start(int port, IReadOnlyDictionary<string, string> variables, params string[] more) =>
        AgentProcess.Start(variables, ["--collector", $"127.0.0.1:{port}", "--state", State, .. more]);

    private AgentProcess StartWithoutCapabilities()
    {
        if (!File.Exists("/usr/bin/setpriv"))
            Assert.Skip("needs setpriv to drop capabilities");
        return AgentProcess.Start("/usr/bin/setpriv", NoVariables, "--bounding-set=-all", "--inh-caps=-all", AgentProcess.Executable, "--state", State);
    }

    private static void SkipUnlessRecordable()
    {
        if (Environment.UserName != "root")
            Assert.Skip("needs root: it loads kernel programs");
        if (!File.Exists("/sys/kernel/btf/vmlinux"))
            Assert.Skip("needs a kernel with BTF");
    }

    // Other messages, STATUS among them, may come in between.
    private static void Receive(Socket manager, string expected)
    {
        byte[] buffer = new byte[4096];
        while (!Encoding.UTF8.GetString(buffer, 0, manager.Receive(buffer)).StartsWith(expected, StringComparison.Ordinal))
        {
        }
    }

    private static int Lines(AgentProcess agent, string text) => agent.Errors.Split('\n').Count(line => line.Contains(text, StringComparison.Ordinal));
}
