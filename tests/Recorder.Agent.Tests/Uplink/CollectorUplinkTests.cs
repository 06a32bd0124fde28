using System.Net;
using System.Net.Sockets;
using Recorder.Agent.Uplink;
using Recorder.Wire;

namespace Recorder.Agent.Tests.Uplink;

public sealed class CollectorUplinkTests
{
    [Fact]
    public async Task Run_CollectorThere_EverythingArrivesOnceAndIsFreed()
    {
        await using TestCollector collector = new TestCollector().Start();
        await using UplinkFixture agent = new UplinkFixture(collector.Address).Start();

        agent.Produce(200);
        await agent.DrainedAsync();

        collector.Contiguous.ShouldBe(200ul);
        collector.RepeatedBatches.ShouldBe(0);
        collector.Violations.ShouldBeEmpty();
        agent.Queue.Bytes.ShouldBe(0);
        agent.Log.Count("CollectorConnected").ShouldBe(1);
    }

    [Fact]
    public async Task Run_ConnectionCutAgainAndAgain_ResendsByteIdenticalUntilAllIsThere()
    {
        await using TestCollector collector = new TestCollector { CutAfterMessages = 7 }.Start();
        await using UplinkFixture agent = new UplinkFixture(collector.Address).Start();

        agent.Produce(60);
        await agent.DrainedAsync();

        collector.Contiguous.ShouldBe(60ul);
        collector.Connections.ShouldBeGreaterThan(8);
        collector.Violations.ShouldBeEmpty();
    }

    [Fact]
    public async Task Run_ResetWhileNothingWasAcknowledged_ResumesWhereTheCollectorSays()
    {
        await using TestCollector collector = new TestCollector { Acknowledges = false }.Start();
        await using UplinkFixture agent = new UplinkFixture(collector.Address).Start();
        agent.Produce(20);
        await WaitFor(() => collector.Contiguous == 20);

        collector.Acknowledges = true;
        collector.Resume = 5;
        collector.Cut();
        await WaitFor(() => collector.Connections > 1);
        collector.Resume = null;
        agent.Produce(1, 20_000);
        await agent.DrainedAsync();

        collector.RepeatedBatches.ShouldBe(15);
        collector.Contiguous.ShouldBe(21ul);
        collector.Violations.ShouldBeEmpty();
    }

    [Fact]
    public async Task Run_CollectorComesLate_ReportsOnceAndDelivers()
    {
        int port = FreePort();
        await using UplinkFixture agent = new UplinkFixture(new DnsEndPoint("127.0.0.1", port)).Start();
        agent.Produce(10);
        await agent.ReachesAsync(UplinkState.Unreachable);
        await Task.Delay(1000, TestContext.Current.CancellationToken);

        await using TestCollector collector = new TestCollector(port).Start();
        await agent.DrainedAsync();

        collector.Contiguous.ShouldBe(10ul);
        agent.Log.Count("CollectorUnreachable").ShouldBe(1);
    }

    [Theory]
    [InlineData(RefuseCode.ShuttingDown)]
    [InlineData(RefuseCode.StoreUnavailable)]
    public async Task Run_RefusedForNow_ComesBackSoon(string code)
    {
        await using TestCollector collector = new TestCollector().Start();
        collector.RefuseHello.Enqueue(new Refuse(code, "later"));
        collector.RefuseBatch.Enqueue(new Refuse(code, "later"));
        await using UplinkFixture agent = new UplinkFixture(collector.Address).Start();

        agent.Produce(5);
        await agent.DrainedAsync();

        collector.Connections.ShouldBe(3);
        agent.Log.Entries.ShouldContain(entry => entry.Event == "CollectorRefusesForNow" && entry.Message.Contains($"{code}: later"));
    }

    [Fact]
    public async Task Run_Refused_LogsTheReasonKeepsEverythingAndRetriesSlowly()
    {
        await using TestCollector collector = new TestCollector().Start();
        collector.RefuseBatch.Enqueue(new Refuse(RefuseCode.Conflict, "frame 1 is stored with other bytes"));
        await using UplinkFixture agent = new UplinkFixture(collector.Address).Start();
        agent.Produce(5);

        await agent.ReachesAsync(UplinkState.Refused);
        await Task.Delay(1000, TestContext.Current.CancellationToken);

        collector.Connections.ShouldBe(1);
        agent.Queue.Frames.ShouldBe(5);
        agent.Log.Entries.ShouldContain(entry => entry.Event == "CollectorRefuses" && entry.Message.Contains("conflict: frame 1 is stored with other bytes"));
    }

    [Fact]
    public async Task Run_WelcomeResumesAhead_IsRefusedByTheAgent()
    {
        await using TestCollector collector = new TestCollector { Resume = 1000 }.Start();
        await using UplinkFixture agent = new UplinkFixture(collector.Address).Start();

        await agent.ReachesAsync(UplinkState.Refused);

        agent.Log.Entries.ShouldContain(entry => entry.Message.Contains("which was never sent"));
    }

    [Fact]
    public async Task Run_CollectorLostItsStore_WhatIsQueuedGoesOnInANewEpoch()
    {
        await using TestCollector collector = new TestCollector().Start();
        await using UplinkFixture agent = new UplinkFixture(collector.Address).Start();
        ulong offset = agent.Produce(10);
        await agent.DrainedAsync();
        Guid first = agent.Epoch;
        collector.Acknowledges = false;
        agent.Produce(5, offset);
        await WaitFor(() => collector.Contiguous == 15);

        collector.Forget();
        collector.Acknowledges = true;
        collector.Cut();
        await WaitFor(() => agent.Epoch != first);
        await agent.DrainedAsync();

        collector.Hellos.Last().PreviousEpoch.ShouldBe(first);
        collector.Contiguous.ShouldBe(5ul);
        collector.Violations.ShouldBeEmpty();
        collector.Frames().Select(frame => frame.Header.Seq).ShouldBe([1ul, 2ul, 3ul, 4ul, 5ul]);
        collector.DataOffsets().ShouldBe([10_000ul, 11_000ul, 12_000ul, 13_000ul, 14_000ul]);
    }

    [Fact]
    public async Task Run_AcknowledgementOfWhatWasNeverSent_IsRefusedByTheAgent()
    {
        await using TestCollector collector = new TestCollector { Acknowledges = false }.Start();
        await using UplinkFixture agent = new UplinkFixture(collector.Address).Start();
        await agent.ReachesAsync(UplinkState.Connected);

        await collector.SendAsync(new Ack(agent.Epoch, 77));
        await agent.ReachesAsync(UplinkState.Refused);

        agent.Log.Entries.ShouldContain(entry => entry.Message.Contains("ACK of frame 77"));
    }

    [Fact]
    public async Task Run_SmallWindow_IsNeverExceeded()
    {
        await using TestCollector collector = new TestCollector { Window = 5000, Acknowledges = false }.Start();
        await using UplinkFixture agent = new UplinkFixture(collector.Address).Start();
        agent.Produce(20);

        await WaitFor(() => collector.Contiguous == 4);
        await Task.Delay(300, TestContext.Current.CancellationToken);
        collector.Contiguous.ShouldBe(4ul);

        collector.Acknowledges = true;
        await collector.SendAsync(new Ack(agent.Epoch, 4));
        await agent.DrainedAsync();
        collector.Contiguous.ShouldBe(20ul);
    }

    [Fact]
    public async Task Run_CollectorStopsReading_CatchesUpAfterwards()
    {
        await using TestCollector collector = new TestCollector { Paused = true }.Start();
        await using UplinkFixture agent = new UplinkFixture(collector.Address).Start();
        agent.Produce(50);

        await Task.Delay(300, TestContext.Current.CancellationToken);
        collector.Paused = false;
        await agent.DrainedAsync();

        collector.Contiguous.ShouldBe(50ul);
        collector.Violations.ShouldBeEmpty();
    }

    [Fact]
    public async Task Run_CollectorPings_IsAnswered()
    {
        await using TestCollector collector = new TestCollector().Start();
        await using UplinkFixture agent = new UplinkFixture(collector.Address).Start();
        await agent.ReachesAsync(UplinkState.Connected);

        await collector.SendAsync(new Ping(42));

        await WaitFor(() => collector.Pongs.Contains(42ul));
    }

    [Fact]
    public async Task Run_SubjectsUnanswered_AreAskedForAndAnswered()
    {
        SubjectHead head = new(UplinkFixture.Subject, 3, [new StreamHead(StreamId.Out, 4711)]);
        await using TestCollector collector = new TestCollector { AnswerHeads = _ => new HeadsAre([head]) }.Start();
        await using UplinkFixture agent = new(collector.Address) { Unanswered = [UplinkFixture.Subject] };
        agent.Start();

        IReadOnlyList<SubjectHead> stored = await agent.HeadsAnswered.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        stored.ShouldHaveSingleItem().Streams.ShouldBe(head.Streams);
        collector.HeadsAsked.ShouldHaveSingleItem().Subjects.ShouldBe([UplinkFixture.Subject]);
    }

    [Fact]
    public async Task Run_HelloNamesOriginAndEpoch()
    {
        await using TestCollector collector = new TestCollector().Start();
        await using UplinkFixture agent = new UplinkFixture(collector.Address).Start();
        await agent.ReachesAsync(UplinkState.Connected);

        Hello hello = collector.Hellos.ShouldHaveSingleItem();
        hello.Epoch.ShouldBe(agent.Epoch);
        hello.Origin.Node.ShouldBe("test");
    }

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task WaitFor(Func<bool> condition)
    {
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(60));
        while (!condition())
            await Task.Delay(10, limit.Token);
    }
}
