using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Recorder.Cli.Output;
using Recorder.Cli.Tests.Fixtures;

namespace Recorder.Cli.Tests.Commands;

public sealed class ListingTests
{
    private const string First = "019a9f31-22c4-7000-8000-000000000001";
    private const string Second = "019a9f31-22c5-7000-8000-000000000002";

    [Fact]
    public async Task Sessions_Json_HasTheFieldsThatScriptsUse()
    {
        await using FixtureCollector collector = Collector();

        RecorderResult result = await RecorderProcess.RunAsync(collector, "sessions", "--json");

        using JsonDocument document = JsonDocument.Parse(result.Output);
        document.RootElement.ValueKind.ShouldBe(JsonValueKind.Array);
        document.RootElement.GetArrayLength().ShouldBe(2);
        JsonElement session = document.RootElement[0];
        session.GetProperty("id").GetString().ShouldBe(First);
        foreach (string name in new[] { "kind", "tty", "namespace", "pod", "container", "command", "started", "ended", "exitCode", "verdict", "streams" })
            session.TryGetProperty(name, out _).ShouldBeTrue(name);
        session.GetProperty("streams").GetProperty("out").GetProperty("bytes").GetInt64().ShouldBe(10);
        session.GetProperty("streams").GetProperty("out").GetProperty("gaps").GetInt64().ShouldBe(0);
    }

    [Fact]
    public async Task Sessions_ManyPages_AreFollowedAsFarAsAsked()
    {
        await using var collector = new FixtureCollector { PageSize = 3 };
        for (int i = 0; i < 10; i++)
            collector.Sessions.Add(new FixtureSession($"019a9f31-22c4-7000-8000-00000000000{i}"));

        RecorderResult all = await RecorderProcess.RunAsync(collector, "sessions", "--json");
        RecorderResult some = await RecorderProcess.RunAsync(collector, "sessions", "--json", "--limit", "7");
        RecorderResult table = await RecorderProcess.RunAsync(collector, "sessions", "--limit", "7");

        JsonDocument.Parse(all.Output).RootElement.GetArrayLength().ShouldBe(10);
        JsonDocument.Parse(some.Output).RootElement.GetArrayLength().ShouldBe(7);
        table.Text.TrimEnd('\n').Split('\n').Length.ShouldBe(8);
        table.Error.ShouldBe("recorder: these are the newest 7; --limit shows more\n");
    }

    [Fact]
    public async Task Sessions_Filters_AreSent()
    {
        await using FixtureCollector collector = Collector();

        await RecorderProcess.RunAsync(
            collector, "sessions", "-n", "shop", "--pod", "web", "--container", "app", "--node", "n1", "--user", "root", "--command", "a b&c", "--kind", "EXEC", "--since", "2h", "--until", "1m",
            "--verdict", "gapped", "--state", "ended");

        collector.Requests.ShouldContain(
            "/api/v1/sessions?namespace=shop&pod=web&container=app&node=n1&user=root&command=a%20b%26c&kind=exec&since=2h&until=1m&verdict=GAPPED&state=ended&limit=101");
    }

    [Fact]
    public async Task Sessions_None_SaysSoAndJsonIsAnEmptyArray()
    {
        await using var collector = new FixtureCollector();

        (await RecorderProcess.RunAsync(collector, "sessions")).Error.ShouldBe("recorder: no sessions\n");
        (await RecorderProcess.RunAsync(collector, "sessions", "--json")).Text.ShouldBe("[]\n");
    }

    [Fact]
    public async Task Sessions_Table_CutsNothingWhenNobodyLooks()
    {
        await using FixtureCollector collector = Collector();
        string longCommand = new('x', 500);
        collector.Sessions[0].Facts["command"] = new JsonArray(longCommand);

        RecorderResult result = await RecorderProcess.RunAsync(collector, "sessions");

        string[] lines = result.Text.TrimEnd('\n').Split('\n');
        lines.Length.ShouldBe(3);
        lines[0].ShouldStartWith("ID");
        lines[1].ShouldContain(longCommand);
        lines[1].ShouldStartWith("019a9f31-22c4  2026-11-20 20:00:00Z  2.5s");
        lines[1].ShouldContain("shop/web/app");
        lines[1].TrimEnd().ShouldEndWith("COMPLETE");
        result.Text.ShouldNotContain('\e');
    }

    [Theory]
    [InlineData(200)]
    [InlineData(120)]
    [InlineData(80)]
    [InlineData(60)]
    [InlineData(40)]
    public async Task Sessions_NarrowTerminal_KeepsOneLineEachAndTheId(int columns)
    {
        if (!Pty.IsAvailable)
            Assert.Skip("needs script(1) of util-linux");
        await using FixtureCollector collector = Collector();
        collector.Sessions[0].Facts["command"] = new JsonArray("雛".PadRight(300, '雛'));
        using var pty = new Pty(collector.Url, $"stty cols {columns}; NO_COLOR=1 $RECORDER sessions");

        (await pty.FinishAsync()).ShouldBe(0, pty.Seen);

        string text = Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(pty.Seen));
        string[] lines = [.. text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Where(line => line.Length > 0)];
        lines.Length.ShouldBe(3, text);
        foreach (string line in lines)
            CellText.Width(line).ShouldBeLessThanOrEqualTo(columns, line);
        lines[1].ShouldContain("019a9f31-22c4");
        lines[1].ShouldContain("COMPLETE");
    }

    [Fact]
    public async Task Listings_HostileFacts_NeverReachTheTerminalRaw()
    {
        const string Hostile = "a\e]0;x\a\u009b31m\u202e\r\nb";
        await using FixtureCollector collector = Collector();
        FixtureSession session = collector.Sessions[0];
        foreach (string name in new[] { "namespace", "pod", "container", "user", "node", "image", "exe", "cwd", "verdict", "kind", "serviceAccount", "proof" })
            session.Facts[name] = Hostile;
        session.Facts["command"] = new JsonArray(Hostile);
        session.Facts["reasons"] = new JsonArray(Hostile);
        session.Processes = new JsonArray(new JsonObject { ["pid"] = 1, ["start"] = 5, ["ppid"] = 0, ["parentStart"] = 0, ["execs"] = new JsonArray(new JsonObject { ["argv"] = new JsonArray(Hostile) }) });
        session.Connections = new JsonArray(new JsonObject { ["pid"] = 1, ["family"] = "unix", ["protocol"] = "", ["address"] = Hostile, ["port"] = 0, ["result"] = 0 });
        collector.SearchHits.Add(new JsonObject { ["session"] = First, ["stream"] = "out", ["line"] = Hostile, ["match"] = new JsonArray(1, 2) }.ToJsonString());
        collector.Origins = new JsonArray(new JsonObject { ["id"] = First, ["node"] = Hostile, ["unrecordable"] = new JsonArray(new JsonObject { ["reason"] = Hostile }) });

        foreach (string command in new[] { "sessions", "sessions --json", $"show {First}", $"show {First} --json", "grep x", "grep x --json", "nodes", "nodes --json" })
        {
            RecorderResult result = await RecorderProcess.RunAsync(collector, command.Split(' '));

            result.ExitCode.ShouldBe(0, command + result.Error);
            string text = result.Text.Replace("\n", "", StringComparison.Ordinal);
            text.Any(character => Hazards.Includes(new Rune(character))).ShouldBeFalse(command + ": " + text);
        }
    }

    [Fact]
    public async Task Show_Report_HasTreeConnectionsAndReasons()
    {
        await using FixtureCollector collector = Collector();
        FixtureSession session = collector.Sessions[0];
        session.Facts["verdict"] = "GAPPED";
        session.Facts["reasons"] = new JsonArray("out lacks 5 bytes: RING_FULL");
        session.Processes = JsonNode.Parse(
            """
            [{"pid": 100, "start": 11, "ppid": 1, "parentStart": 1, "forked": "2026-11-20T20:00:00Z", "exited": "2026-11-20T20:00:02Z", "exitCode": 0, "signal": null,
              "execs": [{"time": "2026-11-20T20:00:00Z", "exe": "/bin/sh", "argv": ["sh", "-c", "curl x; sleep 1"]}]},
             {"pid": 101, "start": 12, "ppid": 100, "parentStart": 11, "forked": "2026-11-20T20:00:01Z", "exited": "2026-11-20T20:00:02Z", "exitCode": null, "signal": 9,
              "execs": [{"time": "2026-11-20T20:00:01Z", "exe": "/bin/curl", "argv": ["curl", "x"], "argvBytes": 7}]},
             {"pid": 102, "start": 13, "ppid": 100, "parentStart": 11, "execs": [{"exe": "/bin/rm", "argv": ["rm"], "argvBytes": 70000}]}]
            """)!.AsArray();
        session.Connections = JsonNode.Parse("""[{"time": "2026-11-20T20:00:01Z", "pid": 101, "start": 12, "family": "ipv6", "protocol": "tcp", "address": "::1", "port": 443, "result": 111, "error": "ECONNREFUSED"}]""")!.AsArray();

        RecorderResult result = await RecorderProcess.RunAsync(collector, "show", First);

        result.ExitCode.ShouldBe(0, result.Error);
        result.Text.ShouldContain("└── 100 sh -c 'curl x; sleep 1'  [exit 0, 2.0s]");
        result.Text.ShouldContain("    ├── 101 curl x  [exit signal 9, 1.0s]");
        result.Text.ShouldContain("    └── 102 rm [cut, 70000 bytes in all]  [end not seen, -]");
        result.Text.ShouldContain("tcp [::1]:443  ECONNREFUSED");
        result.Text.ShouldContain("- out lacks 5 bytes: RING_FULL");
    }

    [Fact]
    public async Task Show_Json_HasProcessesAndConnections()
    {
        await using FixtureCollector collector = Collector();

        RecorderResult result = await RecorderProcess.RunAsync(collector, "show", First, "--json");

        JsonElement root = JsonDocument.Parse(result.Output).RootElement;
        root.GetProperty("id").GetString().ShouldBe(First);
        root.GetProperty("processes").GetArrayLength().ShouldBe(0);
        root.GetProperty("connections").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task Show_DeepTree_DoesNotExhaustTheStack()
    {
        await using FixtureCollector collector = Collector();
        collector.Sessions[0].Processes = new JsonArray([.. Enumerable.Range(1, 3000).Select(pid => new JsonObject { ["pid"] = pid, ["start"] = pid, ["ppid"] = pid - 1, ["parentStart"] = pid - 1 })]);

        RecorderResult result = await RecorderProcess.RunAsync(collector, "show", First);

        result.ExitCode.ShouldBe(0, result.Error);
        result.Text.ShouldContain("3000 (no exec)");
    }

    [Fact]
    public async Task Show_ParentsInACircle_AreShownAll()
    {
        await using FixtureCollector collector = Collector();
        collector.Sessions[0].Processes = JsonNode.Parse(
            """[{"pid": 1, "start": 1, "ppid": 2, "parentStart": 2}, {"pid": 2, "start": 2, "ppid": 1, "parentStart": 1}, {"pid": 3, "start": 3, "ppid": 3, "parentStart": 3}]""")!.AsArray();

        RecorderResult result = await RecorderProcess.RunAsync(collector, "show", First);

        result.Text[result.Text.IndexOf("Processes", StringComparison.Ordinal)..].ShouldBe(
            "Processes\n└── 3 (no exec)  [end not seen, -]\n└── 1 (no exec)  [end not seen, -]\n    └── 2 (no exec)  [end not seen, -]\n");
    }

    [Fact]
    public async Task Show_DeepTreeOnANarrowTerminal_ShowsEveryProcess()
    {
        if (!Pty.IsAvailable)
            Assert.Skip("needs script(1) of util-linux");
        await using FixtureCollector collector = Collector();
        collector.Sessions[0].Processes = new JsonArray([.. Enumerable.Range(101, 60).Select(pid => new JsonObject { ["pid"] = pid, ["start"] = pid, ["ppid"] = pid - 1, ["parentStart"] = pid - 1 })]);
        using var pty = new Pty(collector.Url, $"stty cols 40; $RECORDER show {First}");

        (await pty.FinishAsync()).ShouldBe(0, pty.Seen);

        foreach (int pid in Enumerable.Range(101, 60))
            pty.Seen.ShouldContain($"{pid}");
    }

    private static FixtureCollector Collector()
    {
        var collector = new FixtureCollector();
        collector.Sessions.AddRange([new FixtureSession(First), new FixtureSession(Second)]);
        return collector;
    }
}
