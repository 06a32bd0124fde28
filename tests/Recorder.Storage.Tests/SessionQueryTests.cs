using System.Text;
using Recorder.Wire;

namespace Recorder.Storage.Tests;

public sealed class SessionQueryTests(StoreFixture fixture) : StoreTests(fixture)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private SessionQueries Sessions => Fixture.Store.Sessions;

    [Fact]
    public async Task Get_EndedSession_GivesEveryFact()
    {
        Guid id = Guid.CreateVersion7(), parent = Guid.NewGuid();
        var node = new NodeLog();
        ulong started = node.Now + 1_000_000;
        await WriteAsync(node.Session(id, s => s with { Revision = 3, Parent = parent, Started = started })
            .Data(id, StreamId.Out, 0, "0123456789").Gap(id, StreamId.Out, 10, 64, GapReason.Policy)
            .StreamEnd(id, StreamId.Out, 74).StreamEnd(id, StreamId.In, 0).SessionEnd(id, exitCode: 3).Cut());
        SessionRecord session = (await Sessions.GetAsync(id, Cancellation)).ShouldNotBeNull();
        session.ShouldSatisfyAllConditions(
            s => s.Revision.ShouldBe(3UL), s => s.Kind.ShouldBe("exec"), s => s.Depth.ShouldBe("full"), s => s.Ended.ShouldBeTrue(),
            s => s.Tty.ShouldBeTrue(), s => s.Parent.ShouldBe(parent), s => s.Namespace.ShouldBe("default"), s => s.Pod.ShouldBe("web"),
            s => s.ServiceAccount.ShouldBe("builder"), s => s.Container.ShouldBe("main"), s => s.Uid.ShouldBe(0u), s => s.LoginUid.ShouldBeNull(),
            s => s.Command.ShouldBe(["sh", "-c", "echo it's \"50%\" \\ done"]), s => s.RootPid.ShouldBe(4711u), s => s.TerminalColumns.ShouldBe(80u),
            s => s.ExitCode.ShouldBe(3), s => s.EndedAt.ShouldNotBeNull(), s => s.StartedAt.ShouldBe((long)(node.Realtime + started)),
            s => s.StartedBoottime.ShouldBe(started), s => s.Verdict.ShouldBe(Verdict.Complete), s => s.Labels["app"].ShouldBe("web"),
            s => s.Streams.ShouldBe([new(0, 0, 0, 0, 0, true, "tty"), new(1, 10, 1, 64, 74, true, "tty")]));
    }

    [Fact]
    public async Task Get_OpenSession_CountsWhatIsStoredOnce()
    {
        Guid id = Guid.CreateVersion7();
        var node = new NodeLog();
        await WriteAsync(node.Session(id).Data(id, StreamId.Out, 0, "12345").Gap(id, StreamId.Out, 5, 7, GapReason.RingFull).Cut());
        SessionRecord session = (await Sessions.GetAsync(id, Cancellation)).ShouldNotBeNull();
        session.Verdict.ShouldBe(Verdict.Open);
        session.Ended.ShouldBeFalse();
        session.Streams.ShouldBe([new(0, 0, 0, 0, null, false, "tty"), new(1, 5, 1, 7, null, false, "tty")]);
    }

    [Fact]
    public async Task Get_Unknown_GivesNull() => (await Sessions.GetAsync(Guid.NewGuid(), Cancellation)).ShouldBeNull();

    [Fact]
    public async Task List_EachFilter_SelectsAndLeavesOut()
    {
        Guid id = Guid.CreateVersion7();
        string tag = id.ToString("N");
        await WriteAsync(new NodeLog().Session(id, s => s with
        {
            Node = "node-" + tag,
            Pod = new SessionPod { Namespace = "ns-" + tag, Name = "pod-" + tag },
            Container = new SessionContainer { Name = "c-" + tag, Id = tag + tag },
            User = new SessionUser { Uid = 4242, Name = "u-" + tag },
            Command = ["run", tag, "100%_\\"],
        }).Cut());
        var here = new SessionFilter { Node = "node-" + tag };
        SessionFilter[] selecting =
        [
            here, here with { Namespace = "ns-" + tag }, here with { Pod = "pod-" + tag }, here with { Container = "c-" + tag },
            here with { Container = tag[..12] }, here with { User = "u-" + tag }, here with { User = "4242" }, here with { Command = tag },
            here with { Command = "0%_\\" }, here with { Kind = "exec" }, here with { Verdict = Verdict.Open }, here with { Ended = false },
            here with { Since = 1 }, here with { Until = UnixTime.From(DateTimeOffset.UtcNow.AddDays(1)) }, here with { Ids = [id] },
        ];
        SessionFilter[] leavingOut =
        [
            here with { Namespace = "x" }, here with { Pod = "x" }, here with { Container = "x" }, here with { Container = tag[1..12] },
            here with { User = "x" }, here with { User = "4243" }, here with { Command = "0%__" }, here with { Kind = "attach" },
            here with { Verdict = Verdict.Complete }, here with { Ended = true }, here with { Until = 1 }, here with { Ids = [Guid.NewGuid()] },
            here with { Since = UnixTime.From(DateTimeOffset.UtcNow.AddDays(1)) }, here with { Ids = [] },
        ];
        foreach (SessionFilter filter in selecting)
            (await Sessions.ListAsync(filter, null, 10, Cancellation)).Items.Select(s => s.Id).ShouldBe([id], filter.ToString());
        foreach (SessionFilter filter in leavingOut)
            (await Sessions.ListAsync(filter, null, 10, Cancellation)).Items.ShouldBeEmpty(filter.ToString());
    }

    [Theory]
    [InlineData("'; DROP TABLE recorder.sessions; --")]
    [InlineData("' OR '1'='1")]
    [InlineData("\\' OR 1=1 --")]
    [InlineData("\\")]
    [InlineData("a\0b\t\n\r{x:String}")]
    [InlineData("%")]
    [InlineData("') UNION ALL SELECT * FROM file('/etc/passwd', 'LineAsString') --")]
    [InlineData("日本語 \ud83d\ude00 ` \" $ ; /* */")]
    public async Task List_HostileText_IsOnlyCompared(string text)
    {
        Guid id = Guid.CreateVersion7();
        await WriteAsync(new NodeLog().Session(id, s => s with
        {
            Node = text + id,
            Pod = new SessionPod { Namespace = text, Name = text },
            Container = new SessionContainer { Name = text, Id = text },
            User = new SessionUser { Name = text },
            Command = [text, id.ToString()],
        }).Cut());
        SessionFilter[] filters =
        [
            new() { Node = text + id, Namespace = text, Pod = text, Container = text, User = text, Command = text + " " + id }, new() { Node = text },
        ];
        (await Sessions.ListAsync(filters[0], null, 10, Cancellation)).Items.Select(s => s.Id).ShouldBe([id]);
        (await Sessions.ListAsync(filters[0], null, 10, Cancellation)).Items[0].Pod.ShouldBe(text);
        (await Sessions.ListAsync(filters[1], null, 10, Cancellation)).Items.ShouldBeEmpty();
        (await Sessions.ListAsync(filters[0] with { Kind = text }, null, 10, Cancellation)).Items.ShouldBeEmpty();
    }

    [Fact]
    public async Task List_ByPages_GivesEachSessionOnceNewestFirst()
    {
        string name = "page-" + Guid.NewGuid().ToString("N");
        var node = new NodeLog();
        Guid[] ids = [.. Enumerable.Range(0, 25).Select(_ => Guid.CreateVersion7())];
        // Two at a time share a start, and the span is wider than the windows that the list tries first.
        for (int i = 0; i < ids.Length; i++)
        {
            ulong back = (ulong)(ids.Length - i) / 2 * 86_400_000_000_000 * 3;
            var log = new NodeLog(node.Origin) { Realtime = node.Realtime - back };
            await WriteAsync(log.Session(ids[i], s => s with { Node = name, Started = 5 }).Cut());
        }
        var seen = new List<SessionRecord>();
        string? cursor = null;
        do
        {
            SessionPage page = await Sessions.ListAsync(new SessionFilter { Node = name }, cursor, 4, Cancellation);
            page.Items.Count.ShouldBeLessThanOrEqualTo(4);
            seen.AddRange(page.Items);
            cursor = page.Next;
        }
        while (cursor is not null);
        seen.Select(s => s.Id).ToHashSet().ShouldBe(ids.ToHashSet(), ignoreOrder: true);
        seen.Count.ShouldBe(ids.Length);
        seen.Select(s => s.StartedAt).ShouldBeInOrder(SortDirection.Descending);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("' OR 1=1")]
    [InlineData("")]
    public async Task List_ForeignCursor_IsRefused(string cursor)
    {
        var failure = await Should.ThrowAsync<StoreException>(() => Sessions.ListAsync(new SessionFilter(), cursor, 10, Cancellation));
        failure.Error.ShouldBe(StoreError.InvalidArgument);
    }

    [Fact]
    public async Task List_Probes_ComeOnlyWhenAskedFor()
    {
        Guid id = Guid.CreateVersion7();
        string node = "n" + id;
        await WriteAsync(new NodeLog().Session(id, s => s with { Kind = SessionKind.Probe, Node = node }).Cut());
        (await Sessions.ListAsync(new SessionFilter { Node = node }, null, 10, Cancellation)).Items.ShouldBeEmpty();
        (await Sessions.ListAsync(new SessionFilter { Node = node, Kind = "probe" }, null, 10, Cancellation)).Items.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Processes_ForkExecExit_AreMerged()
    {
        Guid id = Guid.CreateVersion7();
        var node = new NodeLog();
        await WriteAsync(node.Session(id)
            .Add(id, new ForkFrame(10, 100, 1, 1, 2).Write)
            .Add(id, new ExecFrame { Pid = 10, Start = 100, Exe = "/bin/sh", Cwd = "/", Argv = ["sh", "-c", "a b"], Comm = "sh", Uid = 0, CapEffective = 1UL << 40 }.Write)
            .Add(id, new ExecFrame { Pid = 10, Start = 100, ParentPid = 1, Exe = "/bin/cat", Argv = [Text.FromBytes([0xff, 0xfe])], ArgvBytes = 99999 }.Write)
            .Add(id, new ExitFrame(10, 100, 7, null, false).Write)
            .Add(id, new ForkFrame(10, 200, 10, 100, 3).Write)
            .Add(id, new ExitFrame(10, 200, null, 9, true).Write)
            .Add(id, (o, s, t, u) => new ConnectFrame { Pid = 10, Start = 100, Socket = 5, Family = 2, Protocol = 6, Address = [10, 0, 0, 1], Port = 443, Result = 111 }.Write(o, s, t, u))
            .Cut());
        IReadOnlyList<SessionProcess> processes = await Sessions.ProcessesAsync(id, Cancellation);
        processes.Select(p => (p.Pid, p.Start, p.Ppid, p.ExitCode, p.Signal, p.CoreDumped)).ShouldBe([(10u, 100UL, 1u, 7, null, false), (10u, 200UL, 10u, null, 9, true)]);
        processes[0].Execs.Select(e => (e.Exe, e.Argv.Count, e.ArgvBytes, e.CapEffective)).ShouldBe([("/bin/sh", 3, null, 1UL << 40), ("/bin/cat", 1, 99999u, null)]);
        processes[0].Exited.ShouldNotBeNull().ShouldBeGreaterThan(processes[0].Forked!.Value);
        SessionConnection connection = (await Sessions.ConnectionsAsync(id, Cancellation)).ShouldHaveSingleItem();
        connection.Address.ToArray().ShouldBe([10, 0, 0, 1]);
        (connection.Port, connection.Result).ShouldBe(((ushort)443, 111));
    }

    [Fact]
    public async Task Origins_HelloHeartbeatProbes_AreShown()
    {
        var node = new NodeLog();
        await Fixture.Store.SeenAsync(new OriginHello(node.Origin, "c", "n-" + node.Origin, "uid", node.BootId, "0.1", "6.1", "x86_64", node.Epoch, null), Cancellation);
        await WriteAsync(node
            .Add(node.Origin, new NodeFrame { Sessions = 1, Capture = "lazy", Programs = [new("p", "attached", "")], Counters = new Dictionary<string, ulong> { ["a"] = 1 } }.Write)
            .Add(node.Origin, new NodeFrame { Sessions = 2, Capture = "lazy", QueuedBytes = 5, Programs = [new("p", "refused", "why")], Counters = new Dictionary<string, ulong> { ["a"] = 2 } }.Write)
            .Add(node.Origin, new ProbesFrame { Namespace = "ns", Pod = "p", Command = ["true"], Count = 3, First = 1, Last = 2 }.Write)
            .Add(node.Origin, new ProbesFrame { Namespace = "ns", Pod = "p", Command = ["true"], Count = 5, First = 1, Last = 3 }.Write)
            .Add(node.Origin, new UnrecordableFrame { Namespace = "ns", Pod = "kata", Reason = "kata" }.Write).Cut());
        OriginRecord origin = (await Sessions.OriginsAsync(Cancellation)).Single(o => o.Id == node.Origin);
        (origin.Cluster, origin.Sessions, origin.QueuedBytes, origin.BootId).ShouldBe(("c", 2UL, 5UL, node.BootId));
        origin.Programs.ShouldBe([new OriginProgram("p", "refused", "why")]);
        origin.Counters["a"].ShouldBe(2UL);
        origin.Probes.ShouldHaveSingleItem().Count.ShouldBe(5UL);
        origin.Unrecordable.ShouldHaveSingleItem().Reason.ShouldBe("kata");
    }

    [Fact]
    public async Task Frames_OfSeveralEpochs_ComeByTimeAndResume()
    {
        Guid id = Guid.CreateVersion7();
        var first = new NodeLog();
        await WriteAsync(first.Session(id).Data(id, StreamId.Out, 0, "a").Data(id, StreamId.In, 0, "b").Data(id, StreamId.Out, 1, "c").Cut());
        var second = new NodeLog(first.Origin);
        await WriteAsync(second.Data(id, StreamId.Out, 2, "d").StreamEnd(id, StreamId.Out, 3).Cut());
        List<StoredFrame> frames = await FramesAsync(id, new FrameFilter());
        frames.Count.ShouldBe(6);
        frames.Select(f => f.Boottime).ShouldBeInOrder();
        (await FramesAsync(id, new FrameFilter { After = frames[2].Key })).Select(f => f.Key).ShouldBe(frames[3..].Select(f => f.Key));
        (await FramesAsync(id, new FrameFilter { Behind = [new(first.Epoch, 4), new(second.Epoch, 1)] })).ShouldHaveSingleItem().Type.ShouldBe((byte)FrameType.StreamEnd);
        (await FramesAsync(id, new FrameFilter { Types = [2], Streams = [1] })).Select(f => Encoding.UTF8.GetString(f.Data.Span)).Order().ShouldBe(["a", "c", "d"]);
        (await FramesAsync(id, new FrameFilter { From = frames[1].Boottime, To = frames[4].Boottime })).All(f => f.Boottime >= frames[1].Boottime && f.Boottime < frames[4].Boottime).ShouldBeTrue();
    }

    private async Task<List<StoredFrame>> FramesAsync(Guid id, FrameFilter filter)
    {
        var frames = new List<StoredFrame>();
        await foreach (StoredFrame frame in Sessions.FramesAsync(id, filter, Cancellation)) frames.Add(frame);
        return frames;
    }

    private Task<WriteResult> WriteAsync(Batch batch) => Fixture.Store.Writer.WriteAsync([batch], Cancellation);
}
