using System.Net;
using System.Text;
using System.Text.Json;
using Recorder.Collector.Tests.Fixtures;
using Recorder.Wire;

namespace Recorder.Collector.Tests.EndToEnd;

public sealed class ApiTests(RunningCollector running) : IClassFixture<RunningCollector>
{
    [Fact]
    public async Task Session_ThatEnded_IsListedAndShown()
    {
        var id = Guid.CreateVersion7();
        using var node = new SimulatedNode(name: "listed");
        await running.StoreAsync(node.WholeSession(id, "hello\n"));

        var listed = (await running.GetJsonAsync("/api/v1/sessions?node=listed")).GetProperty("items").EnumerateArray().ShouldHaveSingleItem();
        var session = await running.GetJsonAsync($"/api/v1/sessions/{id}");

        listed.GetProperty("id").GetGuid().ShouldBe(id);
        session.GetRawText().ShouldBe(listed.GetRawText());
        session.GetProperty("kind").GetString().ShouldBe("exec");
        session.GetProperty("state").GetString().ShouldBe("ended");
        session.GetProperty("verdict").GetString().ShouldBe("COMPLETE");
        session.GetProperty("reasons").GetArrayLength().ShouldBe(0);
        session.GetProperty("namespace").GetString().ShouldBe("default");
        session.GetProperty("command").EnumerateArray().Select(part => part.GetString()).ShouldBe(["sh", "-c", "echo hello"]);
        session.GetProperty("exitCode").GetInt32().ShouldBe(0);
        session.GetProperty("started").GetString()!.ShouldMatch(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$");
        var output = session.GetProperty("streams").GetProperty("out");
        output.GetProperty("bytes").GetInt32().ShouldBe(6);
        output.GetProperty("length").GetInt32().ShouldBe(6);
        output.GetProperty("gaps").GetInt32().ShouldBe(0);
        output.GetProperty("ended").GetBoolean().ShouldBeTrue();
        output.GetProperty("source").GetString().ShouldBe("pipe");
    }

    [Fact]
    public async Task Sessions_InPages_AreEachListedOnceNewestFirst()
    {
        using var node = new SimulatedNode(name: "paged");
        var ids = Enumerable.Range(0, 7).Select(_ => Guid.CreateVersion7()).ToArray();
        foreach (var id in ids) node.WholeSession(id, "x");
        await running.StoreAsync(node);

        var seen = new List<Guid>();
        string? cursor = null;
        do
        {
            var page = await running.GetJsonAsync($"/api/v1/sessions?node=paged&limit=3{(cursor is null ? "" : "&cursor=" + Uri.EscapeDataString(cursor))}");
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetGuid()));
            cursor = page.GetProperty("next").GetString();
        }
        while (cursor is not null);

        seen.ShouldBe(ids.Reverse());
    }

    [Theory]
    [InlineData("namespace=default", true)]
    [InlineData("namespace=other", false)]
    [InlineData("pod=web", true)]
    [InlineData("container=main", true)]
    [InlineData("user=root", true)]
    [InlineData("user=0", true)]
    [InlineData("command=echo%20hello", true)]
    [InlineData("command=echo%20%27%20OR%201%3D1", false)]
    [InlineData("kind=exec", true)]
    [InlineData("kind=terminal", false)]
    [InlineData("verdict=COMPLETE", true)]
    [InlineData("verdict=GAPPED", false)]
    [InlineData("state=ended", true)]
    [InlineData("state=open", false)]
    [InlineData("since=1h", true)]
    [InlineData("until=1h", false)]
    public async Task Filter_SelectsSessions(string filter, bool found)
    {
        string name = "filtered-" + Guid.NewGuid();
        using var node = new SimulatedNode(name: name);
        await running.StoreAsync(node.WholeSession(Guid.CreateVersion7(), "x"));
        var items = (await running.GetJsonAsync($"/api/v1/sessions?node={name}&{filter}")).GetProperty("items");
        items.GetArrayLength().ShouldBe(found ? 1 : 0);
    }

    [Fact]
    public async Task ProbeSessions_AreListedOnlyWhenAskedFor()
    {
        using var node = new SimulatedNode(name: "probed");
        await running.StoreAsync(node.WholeSession(Guid.CreateVersion7(), "x", snapshot => snapshot with { Kind = SessionKind.Probe }));
        (await running.GetJsonAsync("/api/v1/sessions?node=probed")).GetProperty("items").GetArrayLength().ShouldBe(0);
        (await running.GetJsonAsync("/api/v1/sessions?node=probed&kind=probe")).GetProperty("items").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task ProcessesAndConnections_AreShown()
    {
        var id = Guid.CreateVersion7();
        using var node = new SimulatedNode();
        node.Session(id)
            .Add(id, new ForkFrame(10, 100, 9, 90, 3).Write)
            .Add(id, new ExecFrame { Pid = 10, Start = 100, Exe = "/bin/ls", Argv = ["ls", "-l"], Cwd = "/tmp", Uid = 7, CapEffective = 0x1ff }.Write)
            .Add(id, (output, seq, time, subject) => new ConnectFrame { Pid = 10, Start = 100, Socket = 1, Family = 2, Protocol = 6, Address = [10, 0, 0, 1], Port = 443, Result = 111 }.Write(output, seq, time, subject))
            .Add(id, new ExitFrame(10, 100, null, 9, true).Write);
        await running.StoreAsync(node);

        var process = (await running.GetJsonAsync($"/api/v1/sessions/{id}/processes")).GetProperty("items").EnumerateArray().ShouldHaveSingleItem();
        process.GetProperty("pid").GetInt32().ShouldBe(10);
        process.GetProperty("ppid").GetInt32().ShouldBe(9);
        process.GetProperty("signal").GetInt32().ShouldBe(9);
        process.GetProperty("coreDumped").GetBoolean().ShouldBeTrue();
        var exec = process.GetProperty("execs").EnumerateArray().ShouldHaveSingleItem();
        exec.GetProperty("argv").EnumerateArray().Select(part => part.GetString()).ShouldBe(["ls", "-l"]);
        exec.GetProperty("capEffective").GetString().ShouldBe("00000000000001ff");

        var connection = (await running.GetJsonAsync($"/api/v1/sessions/{id}/connections")).GetProperty("items").EnumerateArray().ShouldHaveSingleItem();
        connection.GetProperty("family").GetString().ShouldBe("ipv4");
        connection.GetProperty("address").GetString().ShouldBe("10.0.0.1");
        connection.GetProperty("port").GetInt32().ShouldBe(443);
        connection.GetProperty("error").GetString().ShouldBe("ECONNREFUSED");
    }

    [Fact]
    public async Task Frames_AsLines_HaveTheirFieldsAndFilters()
    {
        var id = Guid.CreateVersion7();
        using var node = new SimulatedNode();
        node.Session(id).Data(id, StreamId.Out, 0, "out").Data(id, StreamId.Err, 0, "err").Gap(id, StreamId.Out, 3, null, GapReason.PageFault)
            .Add(id, new ResizeFrame(100, 30).Write).StreamEnd(id, StreamId.Out, 3).StreamEnd(id, StreamId.Err, 3).SessionEnd(id, 3);
        await running.StoreAsync(node);

        var lines = await running.GetLinesAsync($"/api/v1/sessions/{id}/frames");
        lines.Select(line => line.GetProperty("type").GetString())
            .ShouldBe(["session", "data", "data", "gap", "resize", "stream_end", "stream_end", "session_end"]);
        lines[1].GetProperty("time").GetInt64().ShouldBe(1_000_000);
        lines[1].GetProperty("data").GetBytesFromBase64().ShouldBe("out"u8.ToArray());
        lines[3].GetProperty("length").ValueKind.ShouldBe(JsonValueKind.Null);
        lines[3].GetProperty("reason").GetString().ShouldBe("PAGE_FAULT");
        lines[4].GetProperty("columns").GetInt32().ShouldBe(100);
        lines[7].GetProperty("exitCode").GetInt32().ShouldBe(3);

        (await running.GetLinesAsync($"/api/v1/sessions/{id}/frames?types=data&streams=err")).ShouldHaveSingleItem().GetProperty("stream").GetString().ShouldBe("err");
        (await running.GetLinesAsync($"/api/v1/sessions/{id}/frames?from=1000000&to=2000000")).Length.ShouldBe(2);
    }

    [Fact]
    public async Task Frames_AsMessagePack_AreTheNodesBytes()
    {
        var id = Guid.CreateVersion7();
        using var node = new SimulatedNode();
        node.WholeSession(id, "bytes");
        byte[] cut = node.Cut();
        var (agent, _) = await AgentConnection.JoinAsync(running.Collector.Ingest, node);
        await using var __ = agent;
        await agent.SendBatchAsync(cut);
        await agent.AcknowledgedAsync(node.LastSeq);

        byte[] frames = await running.Http.GetByteArrayAsync(new Uri($"/api/v1/sessions/{id}/frames", UriKind.Relative), AgentConnection.Cancellation);

        frames.ShouldBe(Batch.Read(cut).Sections[0].Frames.ToArray());
    }

    [Fact]
    public async Task Frames_Followed_ArriveUntilTheSessionEnds()
    {
        var id = Guid.CreateVersion7();
        using var node = new SimulatedNode();
        var (agent, _) = await AgentConnection.JoinAsync(running.Collector.Ingest, node);
        await using var __ = agent;
        await agent.SendBatchAsync(node.Session(id).Data(id, StreamId.Out, 0, "a").Cut());
        await agent.AcknowledgedAsync(node.LastSeq);

        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/sessions/{id}/frames?follow=true&types=data") { Headers = { { "Accept", "application/x-ndjson" } } };
        using var answer = await running.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, AgentConnection.Cancellation);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(AgentConnection.Cancellation));
        (await NextAsync(reader)).ShouldBe("a");
        await agent.SendBatchAsync(node.Data(id, StreamId.Out, 1, "b").Cut());
        (await NextAsync(reader)).ShouldBe("b");
        await agent.SendBatchAsync(node.Data(id, StreamId.Out, 2, "c").StreamEnd(id, StreamId.Out, 3).StreamEnd(id, StreamId.Err, 0).SessionEnd(id).Cut());
        (await NextAsync(reader)).ShouldBe("c");
        (await NextAsync(reader)).ShouldBeNull();
    }

    [Fact]
    public async Task Search_FindsLinesAcrossFrames()
    {
        var id = Guid.CreateVersion7();
        using var node = new SimulatedNode(name: "searched");
        await running.StoreAsync(node.Session(id).Data(id, StreamId.Out, 0, "first\nthe nee").Data(id, StreamId.Out, 13, "dle is here\nlast\n").StreamEnd(id, StreamId.Out, 30).SessionEnd(id));

        var hit = (await running.GetLinesAsync("/api/v1/search?node=searched&pattern=ne%2Bdle")).ShouldHaveSingleItem();

        hit.GetProperty("session").GetGuid().ShouldBe(id);
        hit.GetProperty("line").GetString().ShouldBe("the needle is here");
        hit.GetProperty("offset").GetInt32().ShouldBe(10);
        hit.GetProperty("match").EnumerateArray().Select(part => part.GetInt32()).ShouldBe([4, 6]);
        (await running.GetLinesAsync("/api/v1/search?node=searched&pattern=NEEDLE")).ShouldBeEmpty();
        (await running.GetLinesAsync("/api/v1/search?node=searched&pattern=NEEDLE&ignoreCase=true&fixed=true")).Length.ShouldBe(1);
        (await running.GetLinesAsync("/api/v1/search?node=searched&pattern=needle&stream=err")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Search_WithTheLongestPattern_IsAnswered() =>
        (await running.GetLinesAsync("/api/v1/search?node=nobody&fixed=true&pattern=" + string.Concat(Enumerable.Repeat("%25", 4096)))).ShouldBeEmpty();

    [Fact]
    public async Task Origins_ShowTheLastHeartbeat()
    {
        using var node = new SimulatedNode(name: "beating");
        node.Add(node.Origin.Id, new ProbesFrame { Namespace = "n", Pod = "p", Container = "c", Count = 4, Command = ["true"] }.Write)
            .Add(node.Origin.Id, new UnrecordableFrame { Namespace = "n", Pod = "kata", Reason = "a virtual machine" }.Write);
        await running.StoreAsync(node.Heartbeat(2));

        var origin = (await running.GetJsonAsync("/api/v1/origins")).GetProperty("items").EnumerateArray().Single(item => item.GetProperty("node").GetString() == "beating");

        origin.GetProperty("id").GetGuid().ShouldBe(node.Origin.Id);
        origin.GetProperty("sessions").GetInt32().ShouldBe(2);
        origin.GetProperty("counters").GetProperty("ring_full").GetInt32().ShouldBe(3);
        origin.GetProperty("heartbeat").GetString().ShouldNotBeNull();
        origin.GetProperty("probes")[0].GetProperty("count").GetInt32().ShouldBe(4);
        origin.GetProperty("unrecordable")[0].GetProperty("reason").GetString().ShouldBe("a virtual machine");
    }

    [Fact]
    public async Task Metrics_CountWhatWasStored()
    {
        using var node = new SimulatedNode(name: "measured");
        var id = Guid.CreateVersion7();
        await running.StoreAsync(node.Session(id).Gap(id, StreamId.Out, 0, 1234, GapReason.SpoolFull).Heartbeat(1));
        string text = await running.Http.GetStringAsync(new Uri("/metrics", UriKind.Relative), AgentConnection.Cancellation);
        text.ShouldContain("recorder_store_up 1");
        text.ShouldContain("recorder_lost_bytes_total{reason=\"SPOOL_FULL\"} 1234");
        text.ShouldContain("recorder_node_last_heartbeat_timestamp_seconds{cluster=\"test\",node=\"measured\"}");
        text.ShouldMatch("recorder_ingest_batches_total [1-9]");
        text.ShouldMatch("recorder_insert_seconds_count [1-9]");
    }

    private static async Task<string?> NextAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync(AgentConnection.Cancellation).AsTask().WaitAsync(TimeSpan.FromSeconds(20)) is { } line)
        {
            if (line.Length > 0) return Encoding.UTF8.GetString(JsonDocument.Parse(line).RootElement.GetProperty("data").GetBytesFromBase64());
        }

        return null;
    }
}
