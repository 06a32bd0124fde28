using Recorder.Collector.Configuration;
using Recorder.Collector.Tests.Fixtures;
using Recorder.Storage;
using Recorder.Wire;

namespace Recorder.Collector.Tests.Ingest;

public sealed class IngestTests
{
    private static readonly StoreException Down = new(StoreError.Unavailable, "no connection", transient: true);

    [Fact]
    public async Task Batch_OfNewEpoch_IsAcknowledgedAfterItWasStored()
    {
        await using var server = new IngestServer();
        using var node = new SimulatedNode();
        var (agent, welcome) = await AgentConnection.JoinAsync(server.Address, node);
        await using var _ = agent;
        welcome.ShouldBe(new Welcome(1, 0, (ulong)server.Options.IngestWindow));

        await agent.SendBatchAsync(node.WholeSession(Guid.CreateVersion7(), "hello\n").Cut());
        await agent.AcknowledgedAsync(node.LastSeq);

        server.Store.Stored.ShouldHaveSingleItem().Header.LastSeq.ShouldBe(5UL);
    }

    [Fact]
    public async Task Resend_OfStoredBatches_IsAcknowledgedAgainAndChangesNothing()
    {
        await using var server = new IngestServer();
        using var node = new SimulatedNode();
        byte[] first = node.WholeSession(Guid.CreateVersion7(), "one").Cut();
        byte[] second = node.WholeSession(Guid.CreateVersion7(), "two").Cut();
        await using (var agent = (await AgentConnection.JoinAsync(server.Address, node)).Connection)
        {
            await agent.SendBatchAsync(first);
            await agent.SendBatchAsync(second);
            await agent.AcknowledgedAsync(10);
            await agent.SendBatchAsync(first);
            (await agent.ReceiveAsync()).ShouldBe(new Ack(node.Epoch, 10));
        }

        var (again, welcome) = await AgentConnection.JoinAsync(server.Address, node);
        await using var __ = again;
        welcome.Resume.ShouldBe(10UL);
        await again.SendBatchAsync(second);
        await again.AcknowledgedAsync(10);
        await again.SendBatchAsync(node.WholeSession(Guid.CreateVersion7(), "three").Cut());
        await again.AcknowledgedAsync(15);

        server.Store.Stored.Select(batch => batch.Header.Number).ShouldBe([0UL, 1UL, 2UL]);
    }

    [Fact]
    public async Task Store_Down_MeansNoAcknowledgementUntilItRecovers()
    {
        await using var server = new IngestServer();
        using var node = new SimulatedNode();
        await using var agent = (await AgentConnection.JoinAsync(server.Address, node)).Connection;
        server.Store.Failure = Down;
        await agent.SendBatchAsync(node.WholeSession(Guid.CreateVersion7(), "x").Cut());
        (await agent.IsSilentAsync(TimeSpan.FromSeconds(1))).ShouldBeTrue();
        server.State.IsUp.ShouldBeFalse();

        server.Store.Failure = null;
        await agent.AcknowledgedAsync(node.LastSeq);

        server.State.IsUp.ShouldBeTrue();
        server.Logs.Lines.Count(line => line.Contains("does not work", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public async Task Hello_WhileStoreIsDown_IsRefusedAsStoreUnavailable()
    {
        await using var server = new IngestServer();
        using var node = new SimulatedNode();
        server.Store.Failure = Down;
        await using var agent = await AgentConnection.OpenAsync(server.Address);
        await agent.SendAsync(node.Hello());
        (await agent.RefusedAsync()).Code.ShouldBe(RefuseCode.StoreUnavailable);
    }

    [Fact]
    public async Task LostAnswer_OfAnInsert_LeavesEachBatchOnce()
    {
        await using var server = new IngestServer();
        server.Store.LoseAnswers = 2;
        using var node = new SimulatedNode();
        await using var agent = (await AgentConnection.JoinAsync(server.Address, node)).Connection;
        await agent.SendBatchAsync(node.WholeSession(Guid.CreateVersion7(), "x").Cut());
        await agent.AcknowledgedAsync(node.LastSeq);
        server.Store.Stored.Count.ShouldBe(1);
    }

    [Fact]
    public async Task UnstorableBatch_IsRefused_AndOthersGoOn()
    {
        await using var server = new IngestServer(new CollectorOptions { CommitDelay = TimeSpan.FromMilliseconds(300) });
        using var bad = new SimulatedNode();
        using var good = new SimulatedNode();
        await using var badAgent = (await AgentConnection.JoinAsync(server.Address, bad)).Connection;
        await using var goodAgent = (await AgentConnection.JoinAsync(server.Address, good)).Connection;
        server.Store.Poison = (bad.Origin.Id, new StoreException(StoreError.Other, "no", 1));
        await badAgent.SendBatchAsync(bad.WholeSession(Guid.CreateVersion7(), "x").Cut());
        await goodAgent.SendBatchAsync(good.WholeSession(Guid.CreateVersion7(), "x").Cut());

        await goodAgent.AcknowledgedAsync(good.LastSeq);
        (await badAgent.RefusedAsync()).Code.ShouldBe(RefuseCode.StoreUnavailable);
        server.Store.Stored.ShouldHaveSingleItem().Header.Origin.ShouldBe(good.Origin.Id);
    }

    [Fact]
    public async Task NewerConnection_OfTheSameEpoch_TakesOver()
    {
        await using var server = new IngestServer();
        using var node = new SimulatedNode();
        await using var older = (await AgentConnection.JoinAsync(server.Address, node)).Connection;
        byte[] batch = node.WholeSession(Guid.CreateVersion7(), "x").Cut();

        var (newer, welcome) = await AgentConnection.JoinAsync(server.Address, node);
        await using var _ = newer;
        (await older.RefusedAsync()).Code.ShouldBe(RefuseCode.Origin);
        welcome.Resume.ShouldBe(0UL);
        await newer.SendBatchAsync(batch);
        await newer.AcknowledgedAsync(node.LastSeq);
        server.Store.Stored.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Takeover_WhileAnInsertHangs_ResumesFromWhatWasStored()
    {
        await using var server = new IngestServer();
        using var node = new SimulatedNode();
        await using var older = (await AgentConnection.JoinAsync(server.Address, node)).Connection;
        server.Store.Block();
        byte[] batch = node.WholeSession(Guid.CreateVersion7(), "x").Cut();
        await older.SendBatchAsync(batch);
        while (server.Store.WritesTried == 0) await Task.Delay(10, AgentConnection.Cancellation);

        await using var newer = await AgentConnection.OpenAsync(server.Address);
        await newer.SendAsync(node.Hello());
        (await newer.IsSilentAsync(TimeSpan.FromMilliseconds(500))).ShouldBeTrue();
        server.Store.Unblock();

        (await newer.ReceiveAsync()).ShouldBeOfType<Welcome>().Resume.ShouldBe(node.LastSeq);
    }

    [Fact]
    public async Task StalledConnections_DoNotHoldUpOthers()
    {
        await using var server = new IngestServer();
        using var node = new SimulatedNode();
        using var other = new SimulatedNode();
        await using var stalled = (await AgentConnection.JoinAsync(server.Address, other)).Connection;
        byte[] message = AgentConnection.Encode(new BatchMessage(other.WholeSession(Guid.CreateVersion7(), "never whole").Cut()));
        await stalled.SendAsync(message.AsMemory(0, message.Length - 1));

        await using var agent = (await AgentConnection.JoinAsync(server.Address, node)).Connection;
        await agent.SendBatchAsync(node.WholeSession(Guid.CreateVersion7(), "x").Cut());
        await agent.AcknowledgedAsync(node.LastSeq);
    }

    [Fact]
    public async Task PeerThatReadsNothing_HoldsUpOnlyItself()
    {
        await using var server = new IngestServer();
        using var deaf = new SimulatedNode();
        using var node = new SimulatedNode();
        await using var deafAgent = (await AgentConnection.JoinAsync(server.Address, deaf)).Connection;
        var ping = AgentConnection.Encode(new Ping(1));
        byte[] pings = Enumerable.Repeat(ping, 200_000).SelectMany(bytes => bytes).ToArray();
        var flood = deafAgent.SendAsync(pings).AsTask();

        await using var agent = (await AgentConnection.JoinAsync(server.Address, node)).Connection;
        await agent.SendBatchAsync(node.WholeSession(Guid.CreateVersion7(), "x").Cut());
        await agent.AcknowledgedAsync(node.LastSeq);
        server.Memory.Held.ShouldBeLessThan(1 << 20);
        deafAgent.Socket.Close();
        await flood.ContinueWith(static _ => { }, TaskScheduler.Default);
    }

    [Fact]
    public async Task FullMemory_StopsTheReading_AndGoesOnWhenTheStoreDoes()
    {
        var options = new CollectorOptions { IngestMemory = 4 << 20, IngestWindow = 64 << 20 };
        await using var server = new IngestServer(options);
        using var node = new SimulatedNode();
        await using var agent = (await AgentConnection.JoinAsync(server.Address, node)).Connection;
        server.Store.Block();
        var sending = Task.Run(async () =>
        {
            var session = Guid.CreateVersion7();
            for (ulong i = 0; i < 64; i++) await agent.SendBatchAsync(node.Data(session, StreamId.Out, i * 250_000, new byte[250_000]).Cut());
        });
        await Task.WhenAny(sending, Task.Delay(2000, AgentConnection.Cancellation));
        sending.IsCompleted.ShouldBeFalse();
        server.Memory.Held.ShouldBeLessThanOrEqualTo(options.IngestMemory);

        server.Store.Unblock();
        await sending;
        await agent.AcknowledgedAsync(64);
        server.Store.Stored.Count.ShouldBe(64);
        server.Memory.Held.ShouldBe(0);
    }

    [Fact]
    public async Task ManyConnections_ShareInserts()
    {
        await using var server = new IngestServer(new CollectorOptions { CommitDelay = TimeSpan.FromMilliseconds(500) });
        var nodes = Enumerable.Range(0, 20).Select(_ => new SimulatedNode()).ToArray();
        var agents = await Task.WhenAll(nodes.Select(async node => (await AgentConnection.JoinAsync(server.Address, node)).Connection));
        await Task.WhenAll(agents.Zip(nodes, async (agent, node) =>
        {
            await agent.SendBatchAsync(node.WholeSession(Guid.CreateVersion7(), "x").Cut());
            await agent.AcknowledgedAsync(node.LastSeq);
        }));
        server.Store.Stored.Count.ShouldBe(20);
        server.Store.Writes.ShouldBeLessThan(20);
        foreach (var agent in agents) await agent.DisposeAsync();
        foreach (var node in nodes) node.Dispose();
    }

    [Fact]
    public async Task Stop_AcknowledgesWhatWasRead_ThenSaysShuttingDown()
    {
        await using var server = new IngestServer();
        using var node = new SimulatedNode();
        await using var agent = (await AgentConnection.JoinAsync(server.Address, node)).Connection;
        server.Store.Block();
        await agent.SendBatchAsync(node.WholeSession(Guid.CreateVersion7(), "x").Cut());
        while (server.Store.WritesTried == 0) await Task.Delay(10, AgentConnection.Cancellation);
        var stopping = server.StopAsync();
        server.Store.Unblock();
        await agent.AcknowledgedAsync(node.LastSeq);
        (await agent.RefusedAsync()).Code.ShouldBe(RefuseCode.ShuttingDown);
        await stopping;
    }

    [Fact]
    public async Task HalfClosedConnection_StillGetsItsAcknowledgements()
    {
        await using var server = new IngestServer();
        using var node = new SimulatedNode();
        await using var agent = (await AgentConnection.JoinAsync(server.Address, node)).Connection;
        await agent.SendBatchAsync(node.WholeSession(Guid.CreateVersion7(), "x").Cut());
        agent.HalfClose();
        await agent.AcknowledgedAsync(node.LastSeq);
        (await agent.ReceiveAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task PingAndHeads_AreAnswered()
    {
        await using var server = new IngestServer();
        using var node = new SimulatedNode();
        var session = Guid.CreateVersion7();
        await using var agent = (await AgentConnection.JoinAsync(server.Address, node)).Connection;
        await agent.SendAsync(new Ping(77));
        (await agent.ReceiveAsync()).ShouldBe(new Pong(77));
        await agent.SendBatchAsync(node.WholeSession(session, "x").Cut());
        await agent.AcknowledgedAsync(node.LastSeq);
        await agent.SendAsync(new Heads([session, Guid.NewGuid()]));
        var head = (await agent.ReceiveAsync()).ShouldBeOfType<HeadsAre>().Subjects.ShouldHaveSingleItem();
        (head.Subject, head.Revision, head.Streams[0]).ShouldBe((session, 1UL, new Wire.StreamHead(StreamId.Out, 42)));
    }
}
