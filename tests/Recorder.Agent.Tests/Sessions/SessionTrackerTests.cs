using System.Text;
using Recorder.Agent.Configuration;
using Recorder.Agent.Identity;
using Recorder.Agent.Sessions;
using Recorder.Kernel;
using Recorder.Wire;

namespace Recorder.Agent.Tests.Sessions;

public sealed class SessionTrackerTests : IDisposable
{
    private const ulong Second = 1_000_000_000;

    private readonly TrackerFixture _fixture = new();
    private readonly KernelEvents _kernel = new();

    private RecordedFrames Frames => _fixture.Frames;

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void Tracker_PipedExec_WritesEverythingInOrder()
    {
        _fixture.Feed(
            _kernel.Pending(), _kernel.Start(new Start()), _kernel.Data(KernelStream.In, "hello"), _kernel.Data(KernelStream.Out, "world"),
            _kernel.Data(KernelStream.Err, "oops"), _kernel.StreamEnd(KernelStream.In), _kernel.StreamEnd(KernelStream.Out), _kernel.StreamEnd(KernelStream.Err),
            _kernel.Exit(3 << 8, 0));

        Frames.All.Select(frame => frame.Type).ShouldBe([
            FrameType.Session, FrameType.Exec, FrameType.Data, FrameType.Data, FrameType.Data, FrameType.StreamEnd, FrameType.StreamEnd,
            FrameType.StreamEnd, FrameType.Exit, FrameType.Session, FrameType.SessionEnd]);
        Frames.ShouldTile(StreamId.In).ShouldBe(5UL);
        Frames.Text(StreamId.Out).ShouldBe("world");
        Frames.Text(StreamId.Err).ShouldBe("oops");
        var ended = Frames.Snapshots.Last();
        ended.State.ShouldBe(SessionState.Ended);
        ended.ExitCode.ShouldBe(3);
        Frames.Of<SessionEndFrame>().Single().ShouldBe(new SessionEndFrame(SessionEndCause.Closed, 3, null, 0));
        _fixture.Tracker.AdvanceTo(_kernel.Time + Second);
        _fixture.Kernel.Forgotten.ShouldBe([1UL]);
        _fixture.Tracker.AdvanceTo(_kernel.Time + (90 * Second));
        _fixture.Store.Load().ShouldBeEmpty();
    }

    [Fact]
    public void Tracker_Start_TellsWhoWhereAndWhat()
    {
        _fixture.Identity.AtOnce = new SessionIdentity { Container = Web, UserName = "root" };
        _fixture.Feed(_kernel.Start(Start.Terminal));

        var snapshot = Frames.Snapshots.Single();
        snapshot.ShouldSatisfyAllConditions(
            session => session.Revision.ShouldBe(1UL),
            session => session.Kind.ShouldBe("exec"),
            session => session.Tty.ShouldBeTrue(),
            session => session.Pod.ShouldBe(new SessionPod { Name = "web", Namespace = "shop", Uid = "u", ServiceAccount = "clerk" }),
            session => session.Container!.Id.ShouldBe(Start.ContainerName),
            session => session.Container!.Name.ShouldBe("main"),
            session => session.User.ShouldBe(new SessionUser { Uid = 0, Gid = 0, Name = "root" }),
            session => session.Command!.Select(text => text.ToString()).ShouldBe(["sh"]),
            session => session.Terminal.ShouldBe(new SessionTerminal { Name = "pts/3", Columns = 80, Rows = 24 }),
            session => session.Streams!.Select(stream => (stream.Stream, stream.Source)).ShouldBe([(StreamId.In, "tty"), (StreamId.Out, "tty")]));
    }

    [Fact]
    public void Tracker_EventsBeforeStart_AreReleasedByIt()
    {
        _fixture.Feed(_kernel.Pending(), _kernel.Data(KernelStream.Out, "early ", KernelDataFlags.Early));
        Frames.All.ShouldBeEmpty();
        _fixture.Feed(_kernel.Start(Start.OutputOnly), _kernel.Data(KernelStream.Out, "late"));

        Frames.Text(StreamId.Out).ShouldBe("early late");
        Frames.Of<WrittenData>().First().Flags.ShouldBe(DataFlags.BeforeStart);
    }

    [Fact]
    public void Tracker_Drop_ForgetsWhatCame()
    {
        _fixture.Feed(_kernel.Pending(), _kernel.Data(KernelStream.Out, "runtime's own"), _kernel.Drop());
        _fixture.Tracker.AdvanceTo(100 * Second);

        Frames.All.ShouldBeEmpty();
        _fixture.Tracker.Counters.Dropped.ShouldBe(1);
    }

    [Fact]
    public void Tracker_PendingOverBound_BecomesOneGapOfExactLength()
    {
        using var small = new TrackerFixture(TrackerFixture.DefaultOptions with { PendingBytes = 1000 });
        small.Feed(_kernel.Pending());
        for (var at = 0; at < 50; at++)
            small.Feed(_kernel.Data(KernelStream.Out, new byte[100]));
        small.Feed(_kernel.Start(Start.OutputOnly), _kernel.Data(KernelStream.Out, "x"), _kernel.StreamEnd(KernelStream.Out));

        small.Frames.ShouldTile(StreamId.Out).ShouldBe(5001UL);
        var gap = small.Frames.Gaps(StreamId.Out).ShouldHaveSingleItem();
        (gap.Reason, gap.Place).ShouldBe((GapReason.SpoolFull, GapPlace.Agent));
    }

    [Fact]
    public void Tracker_HoleInOffsets_IsGapOfExactLength()
    {
        _fixture.Feed(_kernel.Start(Start.OutputOnly), _kernel.Data(KernelStream.Out, "aa"));
        _kernel.Lose(KernelStream.Out, 1000);
        _fixture.Feed(_kernel.Data(KernelStream.Out, "bb"), _kernel.StreamEnd(KernelStream.Out), _kernel.StreamEnd(KernelStream.Err), _kernel.Exit(0, 0));

        Frames.ShouldTile(StreamId.Out).ShouldBe(1004UL);
        var gap = Frames.Gaps(StreamId.Out).ShouldHaveSingleItem();
        (gap.Offset, gap.Length, gap.Reason).ShouldBe((2UL, 1000UL, GapReason.RingFull));
        _fixture.Tracker.Counters.LostRecords.ShouldBe(1UL);
    }

    [Fact]
    public void Tracker_LossAtTheEnd_IsKnownByTheTotal()
    {
        _fixture.Feed(_kernel.Start(Start.OutputOnly), _kernel.Data(KernelStream.Out, "aa"));
        _kernel.Lose(KernelStream.Out, 7);
        _fixture.Feed(_kernel.StreamEnd(KernelStream.Out));

        Frames.ShouldTile(StreamId.Out).ShouldBe(9UL);
    }

    [Fact]
    public void Tracker_RecordsOutOfOrder_LeaveNoGap()
    {
        var first = _kernel.Data(KernelStream.Out, "first ");
        var second = _kernel.Data(KernelStream.Out, "second");
        _fixture.Feed(_kernel.Start(Start.OutputOnly), second, first, _kernel.StreamEnd(KernelStream.Out));

        Frames.ShouldTile(StreamId.Out);
        Frames.Text(StreamId.Out).ShouldBe("first second");
        Frames.Gaps(StreamId.Out).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(KernelGapReason.PageFault, GapReason.PageFault)]
    [InlineData(KernelGapReason.Truncated, GapReason.Truncated)]
    [InlineData(KernelGapReason.MapFull, GapReason.MapFull)]
    [InlineData(KernelGapReason.ProgramMissed, GapReason.ProgramMissed)]
    internal void Tracker_KernelGap_KeepsReasonAndLength(KernelGapReason reason, GapReason written)
    {
        _fixture.Feed(_kernel.Start(Start.OutputOnly), _kernel.Gap(KernelStream.Out, 12, reason), _kernel.Data(KernelStream.Out, "x"), _kernel.StreamEnd(KernelStream.Out));

        Frames.ShouldTile(StreamId.Out).ShouldBe(13UL);
        Frames.Gaps(StreamId.Out).Single().Reason.ShouldBe(written);
    }

    [Fact]
    public void Tracker_RootExitsBeforeOutputEnds_WaitsForTheOutput()
    {
        _fixture.Feed(_kernel.Start(Start.OutputOnly), _kernel.Fork(5000, 2), _kernel.Exit(0, 1), _kernel.Data(KernelStream.Out, "child"));
        _fixture.Tracker.AdvanceTo(_kernel.Time + (60 * Second));
        Frames.Of<SessionEndFrame>().ShouldBeEmpty();

        _fixture.Feed(_kernel.StreamEnd(KernelStream.Out), _kernel.StreamEnd(KernelStream.Err));
        Frames.Of<SessionEndFrame>().Single().ProcessesLeft.ShouldBe(1U);
        _fixture.Kernel.Forgotten.ShouldBeEmpty();

        _fixture.Feed(_kernel.Exit(0, 0, 5000, 1));
        Frames.All.Last().Type.ShouldBe(FrameType.Exit);
        _fixture.Tracker.AdvanceTo(_kernel.Time + (120 * Second));
        _fixture.Kernel.Forgotten.ShouldBe([1UL]);
    }

    [Fact]
    public void Tracker_OnlyInputLeft_IsClosedByTheKernel()
    {
        _fixture.Feed(_kernel.Start(new Start()), _kernel.Data(KernelStream.In, "typed"), _kernel.StreamEnd(KernelStream.Out), _kernel.StreamEnd(KernelStream.Err), _kernel.Exit(0, 0));
        _fixture.Tracker.AdvanceTo(_kernel.Time + Second);
        _fixture.Kernel.Closed.ShouldBe([1UL]);
        Frames.Of<SessionEndFrame>().ShouldBeEmpty();

        _fixture.Feed(_kernel.StreamEnd(KernelStream.In, KernelEndCause.Session));
        Frames.ShouldTile(StreamId.In).ShouldBe(5UL);
        Frames.Of<StreamEndFrame>().Last().Cause.ShouldBe(StreamEndCause.SessionEnded);
        Frames.Of<SessionEndFrame>().ShouldHaveSingleItem();
    }

    [Fact]
    public void Tracker_EndRecordsLost_TakesTotalsFromTheKernel()
    {
        _fixture.Feed(_kernel.Start(new Start()), _kernel.Data(KernelStream.Out, "seen"), _kernel.Exit(0, 0));
        _fixture.Kernel.Sessions[1] = new KernelSession { Totals = new KernelStreamValues(3, 10, 0) };
        _fixture.Tracker.AdvanceTo(_kernel.Time + (6 * Second));
        _fixture.Tracker.AdvanceTo(_kernel.Time + (9 * Second));

        Frames.ShouldTile(StreamId.In).ShouldBe(3UL);
        Frames.ShouldTile(StreamId.Out).ShouldBe(10UL);
        Frames.ShouldTile(StreamId.Err).ShouldBe(0UL);
        Frames.Of<SessionEndFrame>().ShouldHaveSingleItem();
    }

    [Fact]
    public void Tracker_ExitLost_IsNoticedInTheKernelsTable()
    {
        _fixture.Feed(_kernel.Start(Start.OutputOnly), _kernel.StreamEnd(KernelStream.Out), _kernel.StreamEnd(KernelStream.Err));
        _fixture.Kernel.Sessions[1] = new KernelSession { Live = 1 };
        _fixture.Tracker.AdvanceTo(_kernel.Time + (5 * Second));
        Frames.Of<SessionEndFrame>().ShouldBeEmpty();

        _fixture.Kernel.Sessions[1] = new KernelSession { Live = 0 };
        _fixture.Tracker.AdvanceTo(_kernel.Time + (7 * Second));
        _fixture.Tracker.AdvanceTo(_kernel.Time + (8 * Second));
        Frames.Of<SessionEndFrame>().Single().ExitCode.ShouldBeNull();
    }

    [Fact]
    public void Tracker_RootKilled_ReportsTheSignal()
    {
        _fixture.Feed(_kernel.Start(Start.Terminal), _kernel.StreamEnd(KernelStream.Out, KernelEndCause.Hangup), _kernel.StreamEnd(KernelStream.In, KernelEndCause.Hangup), _kernel.Exit(9, 0));

        Frames.Of<SessionEndFrame>().Single().ShouldBe(new SessionEndFrame(SessionEndCause.Closed, null, 9, 0));
    }

    [Fact]
    public void Tracker_LateSession_IsMarkedAndGapped()
    {
        _fixture.Identity.AtOnce = null;
        _fixture.Feed(_kernel.Start(Start.Terminal with { Late = true, Argv = [] }));
        _fixture.Identity.Requests.Single().NeedsProcess.ShouldBeTrue();
        _fixture.Identity.Answer(1, new SessionIdentity { Process = new ProcessFacts("sh\0-l\0"u8.ToArray(), "/bin/sh", "/") });
        _fixture.Tracker.AdvanceTo(_kernel.Time + 1);

        Frames.Snapshots.First().Late.ShouldBeTrue();
        Frames.Snapshots.Last().Command!.Select(text => text.ToString()).ShouldBe(["sh", "-l"]);
        Frames.Gaps(StreamId.Out).Single().ShouldSatisfyAllConditions(
            gap => gap.Length.ShouldBeNull(), gap => gap.Reason.ShouldBe(GapReason.OpenLate), gap => gap.FromTime.ShouldBe(KernelEvents.RootStart));
    }

    [Fact]
    public void Tracker_StreamsWatchedOnlyAfterTheStart_IsGappedButNotMarkedLate()
    {
        _fixture.Kernel.WatchingSince = ulong.MaxValue;
        _fixture.Feed(_kernel.Start(new Start()), _kernel.Data(KernelStream.Out, "rest"));

        Frames.Snapshots.First().Late.ShouldBeFalse();
        Frames.Gaps(StreamId.Out).Single().ShouldSatisfyAllConditions(
            gap => gap.Length.ShouldBeNull(), gap => gap.Reason.ShouldBe(GapReason.OpenLate), gap => gap.FromTime.ShouldBe(Frames.Snapshots.First().Started));
    }

    [Fact]
    public void Tracker_BytesQueuedBeforeThePipeWasKnown_AreAGapOfThatLength()
    {
        _fixture.Kernel.Sessions[1] = QueuedInput(5);
        _fixture.Feed(_kernel.Start(new Start()), _kernel.Data(KernelStream.In, "rest"), _kernel.StreamEnd(KernelStream.In));

        Frames.ShouldTile(StreamId.In).ShouldBe(9UL);
        Frames.Gaps(StreamId.In).Single().Length.ShouldBe(5UL);
    }

    [Fact]
    public void Tracker_OutputToFile_IsAGapAndNullIsNothing()
    {
        _fixture.Feed(_kernel.Start(new Start { Streams = 4, Input = KernelSource.Null, Output = KernelSource.File }));
        _fixture.Feed(_kernel.StreamEnd(KernelStream.Err), _kernel.Exit(0, 0));

        var gap = Frames.Gaps(StreamId.Out).Single();
        (gap.Length, gap.Reason).ShouldBe((null, GapReason.ProgramMissed));
        Frames.Snapshots.First().Streams!.Select(stream => stream.Source).ShouldBe(["null", "file", "pipe"]);
        Frames.Of<StreamEndFrame>().Select(end => end.Stream).ShouldBe([StreamId.Err, StreamId.Out]);
    }

    [Fact]
    public void Tracker_ErrorOnTheOutputsPipe_IsOneStream()
    {
        _fixture.Feed(_kernel.Start(new Start { Streams = 2, Input = KernelSource.Null, ErrorIsOutput = true }), _kernel.StreamEnd(KernelStream.Out), _kernel.Exit(0, 0));

        Frames.Snapshots.First().Streams!.Select(stream => stream.Stream).ShouldBe([StreamId.In, StreamId.Out]);
        Frames.Of<GapFrame>().ShouldBeEmpty();
        Frames.Of<SessionEndFrame>().ShouldHaveSingleItem();
    }

    [Fact]
    public void Tracker_NestedSessionOnTheOutersPipes_HasNoStreamsOfItsOwn()
    {
        _fixture.Feed(_kernel.Start(new Start()));
        var nested = new KernelEvents(2);
        _fixture.Feed(nested.Start(new Start { Pid = 5000, StartTime = 5, Streams = 0, Parent = 1, Input = KernelSource.Null }));

        var inner = Frames.Snapshots.Last();
        inner.Parent.ShouldBe(Frames.All[0].Subject);
        inner.Streams!.Select(stream => stream.Source).ShouldBe(["null"]);
        Frames.Of<GapFrame>().ShouldBeEmpty();
    }

    [Fact]
    public void Tracker_IdentityLater_WritesAnotherRevision()
    {
        _fixture.Identity.AtOnce = null;
        _fixture.Feed(_kernel.Start(Start.OutputOnly), _kernel.Data(KernelStream.Out, "at once"));
        Frames.Text(StreamId.Out).ShouldBe("at once");
        _fixture.Identity.Answer(1, new SessionIdentity { Container = Web });
        _fixture.Tracker.AdvanceTo(_kernel.Time + 1);

        Frames.Snapshots.Select(session => (session.Revision, session.Pod?.Name)).ShouldBe([(1UL, null), (2UL, "web")]);
    }

    [Fact]
    public void Tracker_Probe_IsCountedAndNotRecorded()
    {
        _fixture.Identity.KnowsProbes = true;
        _fixture.Identity.AtOnce = null;
        _fixture.Feed(_kernel.Start(Start.OutputOnly), _kernel.Data(KernelStream.Out, "alive"));
        Frames.All.ShouldBeEmpty();
        _fixture.Identity.Answer(1, new SessionIdentity { Container = Web, IsProbe = true });
        _fixture.Tracker.AdvanceTo(_kernel.Time + 1);
        _fixture.Feed(_kernel.StreamEnd(KernelStream.Out), _kernel.StreamEnd(KernelStream.Err), _kernel.Exit(0, 0));
        _fixture.Tracker.AdvanceTo(_kernel.Time + (90 * Second));

        Frames.All.Select(frame => frame.Type).ShouldBe([FrameType.Probes]);
        var probes = Frames.Of<ProbesFrame>().Single();
        (probes.Count, probes.Pod, probes.Container).ShouldBe((1UL, "web", "main"));
        _fixture.Kernel.Forgotten.ShouldBe([1UL]);
    }

    [Fact]
    public void Tracker_NoAnswerAboutAProbeInTime_IsRecorded()
    {
        _fixture.Identity.KnowsProbes = true;
        _fixture.Identity.AtOnce = null;
        _fixture.Feed(_kernel.Start(Start.OutputOnly), _kernel.Data(KernelStream.Out, "kept"));
        _fixture.Tracker.AdvanceTo(_kernel.Time + (3 * Second));

        Frames.Text(StreamId.Out).ShouldBe("kept");
        Frames.Snapshots.Single().Kind.ShouldBe("exec");
    }

    [Fact]
    public void Tracker_ExecWithInput_IsNeverHeldBackAsAProbe()
    {
        _fixture.Identity.KnowsProbes = true;
        _fixture.Identity.AtOnce = null;
        _fixture.Feed(_kernel.Start(new Start()));

        Frames.Snapshots.ShouldHaveSingleItem();
    }

    [Fact]
    public void Tracker_ProbesRecordedByPolicy_AreOfKindProbe()
    {
        using var all = new TrackerFixture(TrackerFixture.DefaultOptions with { Policy = new RecordingPolicy { Rules = [] } });
        all.Identity.AtOnce = new SessionIdentity { Container = Web, IsProbe = true };
        all.Feed(_kernel.Start(Start.OutputOnly));

        all.Frames.Snapshots.Single().Kind.ShouldBe("probe");
    }

    [Fact]
    public void Tracker_DepthMetadata_HasLengthsAndNoBytes()
    {
        using var shallow = new TrackerFixture(TrackerFixture.DefaultOptions with { Policy = new RecordingPolicy { Default = RecordingDepth.Metadata } });
        shallow.Feed(
            _kernel.Start(Start.OutputOnly), _kernel.Data(KernelStream.Out, "secret"), _kernel.Data(KernelStream.Out, "more"),
            _kernel.StreamEnd(KernelStream.Out), _kernel.StreamEnd(KernelStream.Err), _kernel.Exec(5000, "ls"), _kernel.Exit(0, 0));

        shallow.Frames.Of<WrittenData>().ShouldBeEmpty();
        shallow.Frames.ShouldTile(StreamId.Out).ShouldBe(64UL);
        shallow.Frames.Gaps(StreamId.Out).Single().Reason.ShouldBe(GapReason.Policy);
        shallow.Frames.Snapshots.First().Depth.ShouldBe("metadata");
        shallow.Frames.Of<ExecFrame>().Count().ShouldBe(2);
    }

    [Fact]
    public void Tracker_KernelMaskedInput_IsOneRoundedGap()
    {
        _fixture.Feed(_kernel.Start(Start.Terminal), _kernel.Data(KernelStream.In, "su\r"));
        foreach (var key in "hunter2\r")
        {
            _kernel.Time += Second / 10;
            _fixture.Feed(_kernel.Data(KernelStream.In, key.ToString(), KernelDataFlags.Masked));
        }

        _fixture.Feed(_kernel.Data(KernelStream.In, "id\r"), _kernel.StreamEnd(KernelStream.In));
        Frames.ShouldTile(StreamId.In).ShouldBe(3UL + 64 + 3);
        Frames.Text(StreamId.In).ShouldBe("su\rid\r");
        Frames.Gaps(StreamId.In).Single().Reason.ShouldBe(GapReason.Policy);
    }

    [Fact]
    public void Tracker_ResizeForkConnectExec_AreWritten()
    {
        _fixture.Feed(_kernel.Start(Start.Terminal), _kernel.Resize(101, 37), _kernel.Fork(5000, 2), _kernel.Exec(5000, "ls", "-l"));

        Frames.Of<ResizeFrame>().Single().ShouldBe(new ResizeFrame(101, 37));
        Frames.Of<ForkFrame>().Single().Pid.ShouldBe(5000U);
        Frames.Of<ExecFrame>().Last().Argv!.Select(text => text.ToString()).ShouldBe(["ls", "-l"]);
    }

    [Fact]
    public void Tracker_StartLost_IsRescuedFromTheKernelsTable()
    {
        _fixture.Feed(_kernel.Data(KernelStream.Out, "orphan"));
        _fixture.Kernel.Sessions[1] = new KernelSession { Kind = KernelKind.Exec, RootPid = 12, RootStartTime = 34, Live = 1, Streams = 6 };
        _fixture.Tracker.AdvanceTo(_kernel.Time + (31 * Second));

        Frames.Text(StreamId.Out).ShouldBe("orphan");
        Frames.Snapshots.First().Root!.Pid.ShouldBe(12UL);
        _fixture.Tracker.Counters.WithoutStart.ShouldBe(1);
    }

    [Fact]
    public void Tracker_MalformedPayloads_AreCounted()
    {
        var (start, payload) = _kernel.Start(new Start());
        _fixture.Tracker.Handle(start, payload.AsSpan(0, 20));
        _fixture.Feed(_kernel.Start(new Start()));
        var (exit, _) = _kernel.Exit(0, 0);
        _fixture.Tracker.Handle(exit, default);

        _fixture.Tracker.Counters.Malformed.ShouldBe(2);
    }

    [Fact]
    public void Tracker_Container_IsPreloaded()
    {
        _fixture.Feed(_kernel.Start(new Start { IsContainer = true }));

        _fixture.Identity.Preloaded.ShouldBe([Start.ContainerName]);
    }

    [Fact]
    public void Tracker_DataPath_AllocatesNothing()
    {
        var quiet = new SessionTracker(_fixture.Options, new NoFrames(), _fixture.Kernel, _fixture.Store, _fixture.Identity, new StoppedClock());
        var (start, payload) = _kernel.Start(Start.Terminal);
        quiet.Handle(start, payload);
        var bytes = Encoding.ASCII.GetBytes("$ ls\r\n");
        for (var warm = 0; warm < 2; warm++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var at = 0; at < 1000; at++)
            {
                quiet.Handle(_kernel.Data(KernelStream.Out, bytes).Event, bytes);
                quiet.Handle(_kernel.Data(KernelStream.In, bytes, KernelDataFlags.Raw).Event, bytes);
            }

            // What the builder itself makes is nothing either: its payload is the array that it was given.
            if (warm == 1)
                (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(1000 * 8);
        }
    }

    private static ContainerFacts Web => new()
    {
        Id = Start.ContainerName, Runtime = "containerd", Name = "main", PodName = "web", PodNamespace = "shop", PodUid = "u", ServiceAccount = "clerk",
    };

    // The table's field is the kernel's, with no setter for one stream.
    private static KernelSession QueuedInput(uint bytes)
    {
        var words = new byte[System.Runtime.CompilerServices.Unsafe.SizeOf<KernelSession>()];
        var at = (int)System.Runtime.InteropServices.Marshal.OffsetOf<KernelSession>("<QueuedIn>k__BackingField");
        BitConverter.TryWriteBytes(words.AsSpan(at), bytes);
        return System.Runtime.InteropServices.MemoryMarshal.Read<KernelSession>(words);
    }
}
