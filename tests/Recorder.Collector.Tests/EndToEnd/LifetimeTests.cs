using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Recorder.Collector.Tests.Fixtures;
using Recorder.Wire;

namespace Recorder.Collector.Tests.EndToEnd;

public sealed class LifetimeTests
{
    private static readonly string[] Flags = ["--listen", "--ingest", "--clickhouse"];

    /// <summary>Three, or as many as RECORDER_TEST_KILLS says.</summary>
    private static int Kills => int.TryParse(Environment.GetEnvironmentVariable("RECORDER_TEST_KILLS"), out int kills) ? kills : 3;

    [Fact]
    public async Task Terminated_Collector_StopsCleanlyAndSaysReadyOnce()
    {
        using var data = new DataDirectory();
        await using var collector = await CollectorProcess.StartAsync(data.Path);
        using var node = new SimulatedNode();
        var (agent, _) = await AgentConnection.JoinAsync(collector.Ingest, node);
        await using var __ = agent;
        await agent.SendBatchAsync(node.WholeSession(Guid.CreateVersion7(), "x").Cut());
        await agent.AcknowledgedAsync(node.LastSeq);

        collector.Signal("TERM");

        (await agent.RefusedAsync()).Code.ShouldBe(RefuseCode.ShuttingDown);
        (await collector.WaitAsync()).ShouldBe(0);
        collector.Output.Split('\n').Count(line => line.Contains("ready", StringComparison.Ordinal)).ShouldBe(1);
        Children(collector.Id).ShouldBeEmpty();
    }

    [Fact]
    public async Task Killed_Collector_LosesAndDoublesNothingThatWasAcknowledged()
    {
        using var data = new DataDirectory();
        using var node = new SimulatedNode(name: "killed");
        var sent = new List<(ulong First, byte[] Batch)>();
        var session = Guid.CreateVersion7();
        ulong acknowledged = 0;
        ulong offset = 0;
        node.Session(session);
        for (int life = 0; life < Kills; life++)
        {
            await using var collector = await CollectorProcess.StartAsync(data.Path);
            var (agent, welcome) = await AgentConnection.JoinAsync(collector.Ingest, node);
            await using var _ = agent;
            welcome.Resume.ShouldBeGreaterThanOrEqualTo(acknowledged);
            sent.RemoveAll(batch => batch.First <= welcome.Resume);
            foreach (var (__, batch) in sent) await agent.SendBatchAsync(batch);
            for (int i = 0; i < 40; i++)
            {
                ulong first = node.LastSeq + (life == 0 && i == 0 ? 0UL : 1UL);
                byte[] bytes = new byte[1000];
                bytes.AsSpan().Fill((byte)(offset / 1000));
                byte[] batch = node.Data(session, StreamId.Out, offset, bytes).Cut();
                offset += 1000;
                sent.Add((first, batch));
                await agent.SendBatchAsync(batch);
            }

            // Somewhere among what was sent; later acknowledgements may be on their way when it dies.
            ulong target = welcome.Resume + 1 + (ulong)Random.Shared.NextInt64((long)(node.LastSeq - welcome.Resume));
            do acknowledged = (await agent.ReceiveAsync()).ShouldBeOfType<Ack>().Seq;
            while (acknowledged < target);
            collector.Kill();
            await collector.WaitAsync();
        }

        await using var last = await CollectorProcess.StartAsync(data.Path);
        var (final, resumed) = await AgentConnection.JoinAsync(last.Ingest, node);
        await using var ___ = final;
        resumed.Resume.ShouldBeGreaterThanOrEqualTo(acknowledged);
        foreach (var (first, batch) in sent.Where(batch => batch.First > resumed.Resume)) await final.SendBatchAsync(batch);
        await final.SendBatchAsync(node.StreamEnd(session, StreamId.Out, offset).StreamEnd(session, StreamId.Err, 0).SessionEnd(session).Cut());
        await final.AcknowledgedAsync(node.LastSeq);

        using var http = new HttpClient { BaseAddress = last.Api };
        byte[] stored = await http.GetByteArrayAsync(new Uri($"/api/v1/sessions/{session}/streams/out", UriKind.Relative), AgentConnection.Cancellation);
        stored.ShouldBe(Enumerable.Range(0, (int)offset).Select(i => (byte)(i / 1000)).ToArray());
        byte[] frames = await http.GetByteArrayAsync(new Uri($"/api/v1/sessions/{session}/frames", UriKind.Relative), AgentConnection.Cancellation);
        CountOf(frames).ShouldBe((int)node.LastSeq);
        var shown = JsonDocument.Parse(await http.GetStringAsync(new Uri($"/api/v1/sessions/{session}", UriKind.Relative), AgentConnection.Cancellation)).RootElement;
        shown.GetProperty("verdict").GetString().ShouldBe("COMPLETE", shown.GetRawText());
    }

    [Fact]
    public async Task Engine_ThatDies_IsStartedAgain_AndNothingIsAcknowledgedInBetween()
    {
        using var data = new DataDirectory();
        await using var collector = await CollectorProcess.StartAsync(data.Path);
        using var node = new SimulatedNode();
        var session = Guid.CreateVersion7();
        var (agent, _) = await AgentConnection.JoinAsync(collector.Ingest, node);
        await using var __ = agent;
        await agent.SendBatchAsync(node.Session(session).Cut());
        await agent.AcknowledgedAsync(1);

        int engine = Children(collector.Id).ShouldHaveSingleItem();
        System.Diagnostics.Process.GetProcessById(engine).Kill();
        for (ulong i = 0; i < 20; i++) await agent.SendBatchAsync(node.Data(session, StreamId.Out, i, "x").Cut());
        await agent.AcknowledgedAsync(node.LastSeq);

        using var http = new HttpClient { BaseAddress = collector.Api };
        (await http.GetByteArrayAsync(new Uri($"/api/v1/sessions/{session}/streams/out", UriKind.Relative), AgentConnection.Cancellation)).Length.ShouldBe(20);
        (await http.GetStringAsync(new Uri("/readyz", UriKind.Relative), AgentConnection.Cancellation)).ShouldBe("ok\n");
    }

    [Fact]
    public async Task TwoOrigins_AtOnce_AreKeptApart()
    {
        using var data = new DataDirectory();
        await using var collector = await CollectorProcess.StartAsync(data.Path);
        var sessions = await Task.WhenAll(Enumerable.Range(0, 4).Select(number => Task.Run(async () =>
        {
            using var node = new SimulatedNode(name: $"node-{number}");
            var session = Guid.CreateVersion7();
            var (agent, _) = await AgentConnection.JoinAsync(collector.Ingest, node);
            await using var __ = agent;
            await agent.SendBatchAsync(node.Session(session).Cut());
            for (ulong i = 0; i < 50; i++) await agent.SendBatchAsync(node.Data(session, StreamId.Out, i * 100, new string((char)('a' + number), 100)).Cut());
            await agent.AcknowledgedAsync(node.LastSeq);
            return session;
        })));

        using var http = new HttpClient { BaseAddress = collector.Api };
        for (int number = 0; number < sessions.Length; number++)
        {
            string text = await http.GetStringAsync(new Uri($"/api/v1/sessions/{sessions[number]}/streams/out", UriKind.Relative), AgentConnection.Cancellation);
            text.ShouldBe(new string((char)('a' + number), 5000));
        }
    }

    [Theory]
    [InlineData("--listen")]
    [InlineData("--ingest")]
    [InlineData("--clickhouse")]
    public async Task PortInUse_IsNamed_AndEndsWithOne(string flag)
    {
        CollectorProcess.Library();
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        string address = taken.LocalEndpoint.ToString()!;
        using var data = new DataDirectory();
        var others = Flags.Where(other => other != flag).SelectMany(other => new[] { other, "127.0.0.1:0" });
        var (code, output) = await CollectorProcess.RunAsync(["--data", data.Path, flag, address, .. others]);
        code.ShouldBe(1, output);
        output.ShouldContain(flag[2..] + ": " + address);
    }

    [Theory]
    [InlineData(2, "--nonsense")]
    [InlineData(2, "--ingest", "0.0.0.0:8471")]
    [InlineData(2, "migrate")]
    [InlineData(0, "--help")]
    [InlineData(0, "--version")]
    public async Task Arguments_DecideTheExitCode(int expected, params string[] arguments)
    {
        var (code, output) = await CollectorProcess.RunAsync(arguments);
        code.ShouldBe(expected, output);
        output.ShouldNotBeEmpty();
    }

    private static int CountOf(byte[] frames)
    {
        int count = 0;
        foreach (var _ in new FrameReader(frames)) count++;
        return count;
    }

    private static int[] Children(int process)
    {
        // A process that was started by another thread stands in that thread's list.
        if (!Directory.Exists($"/proc/{process}")) return [];
        return Directory.EnumerateDirectories($"/proc/{process}/task")
            .SelectMany(task => File.ReadAllText(Path.Combine(task, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Select(id => int.Parse(id, System.Globalization.CultureInfo.InvariantCulture))
            .ToArray();
    }
}
