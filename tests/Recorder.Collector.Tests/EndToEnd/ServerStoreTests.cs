using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Recorder.Collector.Tests.Fixtures;
using Recorder.Wire;

namespace Recorder.Collector.Tests.EndToEnd;

/// <summary>A collector whose store is a server: here the engine of another collector.</summary>
public sealed class ServerStoreTests
{
    [Fact]
    public async Task TwoCollectors_OnOneStore_ServeTheSameAndFollowEachOther()
    {
        using var data = new DataDirectory();
        using var elsewhere = new DataDirectory();
        await using var first = await CollectorProcess.StartAsync(data.Path);
        await using var second = await CollectorProcess.StartAsync(elsewhere.Path, "--store", Address(first, data));
        second.ClickHouse.ShouldBeNull();
        second.Output.ShouldNotContain(data.Password("writer"));

        using var node = new SimulatedNode();
        var session = Guid.CreateVersion7();
        await using (var agent = (await AgentConnection.JoinAsync(first.Ingest, node)).Connection)
        {
            await agent.SendBatchAsync(node.Session(session).Data(session, StreamId.Out, 0, "a").Cut());
            await agent.AcknowledgedAsync(node.LastSeq);
        }

        using var http = new HttpClient { BaseAddress = first.Api };
        var following = http.GetStringAsync(new Uri($"/api/v1/sessions/{session}/frames?follow=true&types=session_end", UriKind.Relative), AgentConnection.Cancellation);
        var (moved, welcome) = await AgentConnection.JoinAsync(second.Ingest, node);
        await using var _ = moved;
        welcome.Resume.ShouldBe(2UL);
        await moved.SendBatchAsync(node.Data(session, StreamId.Out, 1, "b").StreamEnd(session, StreamId.Out, 2).StreamEnd(session, StreamId.Err, 0).SessionEnd(session).Cut());
        await moved.AcknowledgedAsync(node.LastSeq);

        (await following.WaitAsync(TimeSpan.FromSeconds(20))).ShouldNotBeEmpty();
        (await http.GetStringAsync(new Uri($"/api/v1/sessions/{session}/streams/out", UriKind.Relative), AgentConnection.Cancellation)).ShouldBe("ab");
    }

    [Fact]
    public async Task Server_ThatGoesAwayAndComesBack_IsReportedAndWaitedFor()
    {
        using var data = new DataDirectory();
        using var elsewhere = new DataDirectory();
        string address;
        int port;
        using var node = new SimulatedNode();
        var session = Guid.CreateVersion7();
        await using var owner = await CollectorProcess.StartAsync(data.Path);
        (address, port) = (Address(owner, data), owner.EnginePort);
        await using var collector = await CollectorProcess.StartAsync(elsewhere.Path, "--store", address);
        using var http = new HttpClient { BaseAddress = collector.Api };
        var (agent, _) = await AgentConnection.JoinAsync(collector.Ingest, node);
        await using var __ = agent;

        owner.Signal("STOP");
        int engine = EngineOf(owner.Id);
        Process.GetProcessById(engine).Kill();
        await agent.SendBatchAsync(node.Session(session).Cut());
        await UntilAsync(http, "/readyz", HttpStatusCode.ServiceUnavailable);
        using var answer = await http.GetAsync(new Uri("/api/v1/sessions", UriKind.Relative), AgentConnection.Cancellation);
        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        JsonDocument.Parse(await answer.Content.ReadAsStringAsync(AgentConnection.Cancellation)).RootElement.GetProperty("status").GetInt32().ShouldBe(503);
        (await http.GetStringAsync(new Uri("/metrics", UriKind.Relative), AgentConnection.Cancellation)).ShouldContain("recorder_store_up 0");

        owner.Signal("CONT");
        await agent.AcknowledgedAsync(node.LastSeq);
        await UntilAsync(http, "/readyz", HttpStatusCode.OK);
        collector.Output.Split('\n').Count(line => line.Contains("the store does not work", StringComparison.Ordinal)).ShouldBe(1);
        collector.Output.ShouldContain("the store works again");
        owner.EnginePort.ShouldBe(port);
    }

    [Fact]
    public async Task Server_ThatIsNotThere_IsWaitedForUntilTerminated()
    {
        using var data = new DataDirectory();
        await using var collector = CollectorProcess.Launch(
            ["--data", data.Path, "--listen", "127.0.0.1:0", "--ingest", "127.0.0.1:0", "--store", "http://127.0.0.1:1/recorder"], []);
        while (!collector.Output.Contains("the store does not work", StringComparison.Ordinal)) await Task.Delay(50, AgentConnection.Cancellation);
        collector.Signal("TERM");
        (await collector.WaitAsync()).ShouldBe(0, collector.Output);
        collector.Output.ShouldNotContain("ready");
    }

    [Fact]
    public async Task Migrate_MakesTheTablesAndEnds()
    {
        using var data = new DataDirectory();
        await using var owner = await CollectorProcess.StartAsync(data.Path);
        (await CollectorProcess.RunAsync("migrate", "--store", Address(owner, data))).Code.ShouldBe(0);
        var (code, output) = await CollectorProcess.RunAsync("migrate", "--store", Address(owner, data).Replace(data.Password("writer"), "wrong", StringComparison.Ordinal));
        code.ShouldBe(1);
        output.ShouldNotContain("wrong@");
    }

    private static string Address(CollectorProcess owner, DataDirectory data) =>
        string.Create(CultureInfo.InvariantCulture, $"http://recorder_writer:{data.Password("writer")}@127.0.0.1:{owner.EnginePort}/recorder");

    private static int EngineOf(int process) => Directory.EnumerateDirectories($"/proc/{process}/task")
        .SelectMany(task => File.ReadAllText(Path.Combine(task, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .Select(id => int.Parse(id, CultureInfo.InvariantCulture))
        .Single();

    private static async Task UntilAsync(HttpClient http, string path, HttpStatusCode status)
    {
        for (int i = 0; i < 300; i++)
        {
            using var answer = await http.GetAsync(new Uri(path, UriKind.Relative), AgentConnection.Cancellation);
            if (answer.StatusCode == status) return;
            await Task.Delay(100, AgentConnection.Cancellation);
        }

        Assert.Fail($"{path} did not become {status}");
    }
}
