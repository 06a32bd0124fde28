using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Recorder.Cli.Tests.Fixtures;

namespace Recorder.Cli.Tests.Commands;

public sealed class TailTests
{
    private const string First = "019a9f31-22c4-7000-8000-000000000001";
    private const string Second = "019a9f31-22c5-7000-8000-000000000002";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Tail_WithoutId_TellsWhatStartsAndEnds()
    {
        await using var collector = new FixtureCollector();
        collector.Sessions.Add(Open(First));
        collector.Sessions.Add(new FixtureSession("019a9f31-22c3-7000-8000-000000000003"));
        using Process process = RecorderProcess.Start(RecorderProcess.Path, ["tail", "--json"], collector.Url);
        using var limit = new CancellationTokenSource(Limit);

        (await NextAsync(process, limit.Token)).ShouldBe(("open", First));
        collector.Sessions.Insert(0, Open(Second));
        (await NextAsync(process, limit.Token)).ShouldBe(("started", Second));
        collector.Sessions[1].Facts["state"] = "ended";
        (await NextAsync(process, limit.Token)).ShouldBe(("ended", First));

        Interrupt(process);
        await process.WaitForExitAsync(limit.Token);
        process.ExitCode.ShouldBe(130);
        (await process.StandardError.ReadToEndAsync(limit.Token)).ShouldBe("");
    }

    [Fact]
    public async Task Tail_StoreAwayForAWhile_SaysSoOnceAndGoesOn()
    {
        await using var collector = new FixtureCollector();
        collector.Sessions.Add(Open(First));
        using Process process = RecorderProcess.Start(RecorderProcess.Path, ["tail", "--json"], collector.Url);
        using var limit = new CancellationTokenSource(Limit);
        (await NextAsync(process, limit.Token)).ShouldBe(("open", First));

        collector.Always = (503, """{"title": "the store is away"}""");
        (await process.StandardError.ReadLineAsync(limit.Token)).ShouldBe("recorder: the store is away; trying again");
        collector.Sessions.Insert(0, Open(Second));
        collector.Always = null;

        (await NextAsync(process, limit.Token)).ShouldBe(("started", Second));
        Interrupt(process);
        await process.WaitForExitAsync(limit.Token);
        (await process.StandardError.ReadToEndAsync(limit.Token)).ShouldBe("");
    }

    [Fact]
    public async Task Tail_StoreAwayFromTheStart_Fails()
    {
        await using var collector = new FixtureCollector { Always = (503, """{"title": "the store is away"}""") };

        (await RecorderProcess.RunAsync(collector, "tail")).ExitCode.ShouldBe(2);
        (await RecorderProcess.RunAsync(collector, "tail", First)).ExitCode.ShouldBe(2);
    }

    [Fact]
    public async Task Tail_WithId_ShowsItFilteredToItsEnd()
    {
        await using var collector = new FixtureCollector();
        collector.Sessions.Add(new FixtureSession(First).Data(0, "out", "one\e]0;x\a\r\n"u8).Data(1, "out", "two\r\n"u8));

        RecorderResult result = await RecorderProcess.RunAsync(collector, "tail", First);

        result.ExitCode.ShouldBe(0, result.Error);
        result.Text.ShouldBe("one\r\ntwo\r\n");
        result.Error.ShouldBe($"recorder: {First} ended, exit 0, COMPLETE\n");
        collector.Requests.ShouldContain($"/api/v1/sessions/{First}/frames?types=data%2Cgap&streams=out&follow=true");
    }

    [Fact]
    public async Task Nodes_Table_TellsWhatIsNotRecorded()
    {
        await using var collector = new FixtureCollector
        {
            Origins = JsonNode.Parse(
                """
                [{"id": "019a9f31-22c4-7000-8000-000000000001", "cluster": "c1", "node": "n1", "agent": "0.1.0", "kernel": "6.1", "architecture": "x86_64", "seen": "2026-11-20T20:00:00Z",
                  "heartbeat": null, "sessions": 2, "capture": "lazy", "counters": {"ring_full": 18446744073709551615}, "programs": [{"name": "sys_exit", "state": "refused", "detail": "no BTF"}],
                  "probes": [{"namespace": "shop", "pod": "web", "container": "app", "command": ["cat", "/ok"], "count": 7, "first": null, "last": null}],
                  "unrecordable": [{"namespace": "shop", "pod": "vm", "container": "app", "runtime": "kata", "reason": "a virtual machine"}]}]
                """)!.AsArray(),
        };

        RecorderResult table = await RecorderProcess.RunAsync(collector, "nodes");
        RecorderResult json = await RecorderProcess.RunAsync(collector, "nodes", "--json");

        table.ExitCode.ShouldBe(0, table.Error);
        table.Text.ShouldContain("n1: not recorded: shop/vm/app (kata): a virtual machine");
        table.Text.ShouldContain("n1: program sys_exit is refused: no BTF");
        table.Text.ShouldContain("n1: probe: shop/web/app: cat /ok: 7 runs");
        JsonDocument.Parse(json.Output).RootElement[0].GetProperty("counters").GetProperty("ring_full").GetUInt64().ShouldBe(ulong.MaxValue);
    }

    private static FixtureSession Open(string id)
    {
        var session = new FixtureSession(id);
        session.Facts["state"] = "open";
        session.Facts["ended"] = null;
        return session;
    }

    private static async Task<(string? Event, string? Id)> NextAsync(Process process, CancellationToken cancellation)
    {
        string line = await process.StandardOutput.ReadLineAsync(cancellation) ?? throw new EndOfStreamException(await process.StandardError.ReadToEndAsync(cancellation));
        using JsonDocument document = JsonDocument.Parse(line);
        return (document.RootElement.GetProperty("event").GetString(), document.RootElement.GetProperty("session").GetProperty("id").GetString());
    }

    private static void Interrupt(Process process)
    {
        using Process kill = Process.Start("kill", ["-INT", $"{process.Id}"]);
        kill.WaitForExit();
    }
}
