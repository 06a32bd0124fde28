using Recorder.Agent.Sessions;
using Recorder.Kernel;
using Recorder.Wire;

namespace Recorder.Agent.Tests.Sessions;

public sealed class RestartTests : IDisposable
{
    private const ulong Second = 1_000_000_000;

    private readonly TrackerFixture _before = new();
    private readonly KernelEvents _kernel = new();

    public void Dispose() => _before.Dispose();

    [Fact]
    public void Restart_Clean_GoesOnWithoutAGap()
    {
        _before.Feed(_kernel.Start(Start.Terminal), _kernel.Data(KernelStream.Out, "one "));
        _before.Tracker.Suspend(_kernel.Time + Second);

        var after = Successor(out var stored);
        after.Tracker.Adopt(stored, [Entry(live: 1)], [], 2 * Second);
        after.Tracker.AwaitingHeads().ShouldBeEmpty();
        after.Feed(_kernel.Data(KernelStream.Out, "two"), _kernel.StreamEnd(KernelStream.Out), _kernel.StreamEnd(KernelStream.In), _kernel.Exit(0, 0));

        var all = Joined(after);
        all.ShouldTile(StreamId.Out).ShouldBe(7UL);
        all.Text(StreamId.Out).ShouldBe("one two");
        all.Gaps(StreamId.Out).ShouldBeEmpty();
        all.All.Select(frame => frame.Subject).Distinct().ShouldHaveSingleItem();
        all.Of<SessionEndFrame>().ShouldHaveSingleItem();
    }

    [Fact]
    public void Restart_AfterCrash_GapIsExactlyWhatTheCollectorLacks()
    {
        _before.Feed(_kernel.Start(Start.OutputOnly), _kernel.Data(KernelStream.Out, "stored "), _kernel.Data(KernelStream.Out, "lost with the agent "));
        var id = _before.Frames.All[0].Subject;

        var after = Successor(out var stored);
        after.Tracker.Adopt(stored, [Entry(live: 1)], [], 2 * Second);
        after.Tracker.AwaitingHeads().ShouldBe([id]);
        after.Feed(_kernel.Data(KernelStream.Out, "new"));
        after.Tracker.OnStoredHeads(id, new SubjectHead(id, 1, [new StreamHead(StreamId.Out, 7)]));
        after.Tracker.AwaitingHeads().ShouldBeEmpty();
        after.Feed(_kernel.StreamEnd(KernelStream.Out));

        var gap = after.Frames.Gaps(StreamId.Out).Single();
        (gap.Offset, gap.Length, gap.Reason).ShouldBe((7UL, 20UL, GapReason.AgentDown));
        after.Frames.Of<StreamEndFrame>().Single(end => end.Stream == StreamId.Out).Total.ShouldBe(30UL);
        after.Frames.Snapshots.First().Revision.ShouldBe(2UL);
    }

    [Fact]
    public void Restart_AfterCrashAndNothingStored_GapBeginsAtZero()
    {
        _before.Feed(_kernel.Start(Start.OutputOnly), _kernel.Data(KernelStream.Out, "lost"));
        var after = Successor(out var stored);
        after.Tracker.Adopt(stored, [Entry(live: 1)], [], 2 * Second);
        after.Tracker.OnStoredHeads(stored[0].Id, null);
        after.Feed(_kernel.Data(KernelStream.Out, "new"), _kernel.StreamEnd(KernelStream.Out));

        after.Frames.ShouldTile(StreamId.Out).ShouldBe(7UL);
    }

    [Fact]
    public void Restart_AfterCrashInAPassword_HidesItsLength()
    {
        _before.Feed(_kernel.Start(Start.Terminal), _kernel.Data(KernelStream.In, "su\r"), _kernel.Data(KernelStream.In, "hunter2\r", KernelDataFlags.Masked));
        var id = _before.Frames.All[0].Subject;

        var after = Successor(out var stored);
        after.Tracker.Adopt(stored, [Entry(live: 1)], [], 2 * Second);
        after.Feed(_kernel.Data(KernelStream.In, "id\r"));
        after.Tracker.OnStoredHeads(id, new SubjectHead(id, 1, [new StreamHead(StreamId.In, 3)]));

        after.Frames.Gaps(StreamId.In).Single().ShouldSatisfyAllConditions(
            gap => gap.Offset.ShouldBe(3UL), gap => (3 + gap.Length!.Value).ShouldBe(64UL));
        after.Frames.Of<WrittenData>().Single().Offset.ShouldBe(64UL);
    }

    [Fact]
    public void Restart_AfterCrashBehindTheEnd_SaysTheEndAgain()
    {
        _before.Feed(_kernel.Start(Start.OutputOnly), _kernel.Data(KernelStream.Out, "12345"), _kernel.StreamEnd(KernelStream.Out), _kernel.StreamEnd(KernelStream.Err), _kernel.Exit(3 << 8, 0));
        _before.Tracker.AdvanceTo(_kernel.Time + Second);
        _before.Kernel.Forgotten.ShouldBe([1UL]);
        var id = _before.Frames.All[0].Subject;

        var after = Successor(out var stored);
        after.Tracker.Adopt(stored, [], [], 3 * Second);
        after.Tracker.AwaitingHeads().ShouldBe([id]);
        after.Tracker.OnStoredHeads(id, new SubjectHead(id, 1, [new StreamHead(StreamId.Out, 2)]));

        after.Frames.ShouldTileFrom(StreamId.Out, 2).ShouldBe(5UL);
        after.Frames.Of<SessionEndFrame>().Single().ExitCode.ShouldBe(3);
        after.Frames.Snapshots.Single().State.ShouldBe(SessionState.Ended);
        after.Frames.Of<StreamEndFrame>().Select(end => end.Cause).ShouldBe([StreamEndCause.Eof, StreamEndCause.Eof]);
        after.Tracker.AdvanceTo(100 * Second);
        after.Store.Load().ShouldBeEmpty();
        after.Tracker.AwaitingHeads().ShouldBeEmpty();
    }

    [Fact]
    public void Restart_AfterCrashBehindTheRootsExit_KnowsTheExitCode()
    {
        _before.Feed(_kernel.Start(Start.OutputOnly), _kernel.Exit(3 << 8, 0));
        var after = Successor(out var stored);
        after.Tracker.Adopt(stored, [Entry(live: 0)], [], 3 * Second);
        after.Feed(_kernel.StreamEnd(KernelStream.Out), _kernel.StreamEnd(KernelStream.Err));

        after.Frames.Of<SessionEndFrame>().Single().ExitCode.ShouldBe(3);
    }

    [Fact]
    public void Restart_EndedAndStoredBefore_IsNotSaidAgain()
    {
        _before.Feed(_kernel.Start(Start.OutputOnly), _kernel.StreamEnd(KernelStream.Out), _kernel.StreamEnd(KernelStream.Err), _kernel.Exit(0, 0));
        _before.Tracker.Suspend(_kernel.Time + Second);
        _before.Store.Load().ShouldBeEmpty();
        _before.Tracker.Unsettle();

        _before.Store.Load().ShouldHaveSingleItem().Ended.ShouldBeTrue();
    }

    [Fact]
    public void Restart_AfterCrashWithNothingLost_LeavesNoGap()
    {
        _before.Feed(_kernel.Start(Start.Terminal), _kernel.Data(KernelStream.In, "id\r"));
        var id = _before.Frames.All[0].Subject;

        var after = Successor(out var stored);
        after.Tracker.Adopt(stored, [Entry(live: 1)], [], 2 * Second);
        after.Tracker.OnStoredHeads(id, new SubjectHead(id, 1, [new StreamHead(StreamId.In, 3)]));
        after.Feed(_kernel.Data(KernelStream.In, "ls\r"), _kernel.StreamEnd(KernelStream.In));

        Joined(after).ShouldTile(StreamId.In).ShouldBe(6UL);
        after.Frames.Gaps(StreamId.In).ShouldBeEmpty();
    }

    [Fact]
    public void Restart_MaskedLengthsBefore_KeepTheirShift()
    {
        _before.Feed(_kernel.Start(Start.Terminal), _kernel.Data(KernelStream.In, "pw", KernelDataFlags.Masked), _kernel.Data(KernelStream.In, "id"));
        _before.Tracker.Suspend(_kernel.Time + Second);
        var after = Successor(out var stored);
        after.Tracker.Adopt(stored, [Entry(live: 1)], [], 2 * Second);
        after.Feed(_kernel.Data(KernelStream.In, "\r"), _kernel.StreamEnd(KernelStream.In));

        Joined(after).ShouldTile(StreamId.In).ShouldBe(67UL);
    }

    [Fact]
    public void Restart_SessionVanished_EndsNotObserved()
    {
        _before.Feed(_kernel.Start(Start.Terminal));
        _before.Tracker.Suspend(Second);
        var after = Successor(out var stored);
        after.Tracker.Adopt(stored, [], [], 2 * Second);

        after.Frames.Of<SessionEndFrame>().Single().Cause.ShouldBe(SessionEndCause.NotObserved);
        after.Frames.Snapshots.Single().State.ShouldBe(SessionState.Ended);
        after.Store.Load().ShouldBeEmpty();
    }

    [Fact]
    public void Restart_ProgramsReplaced_SessionGoesOnUnderItsIdBehindAnExactGap()
    {
        _before.Feed(_kernel.Start(Start.OutputOnly), _kernel.Data(KernelStream.Out, "12345"));
        _before.Tracker.Suspend(Second);
        var retired = new RetiredLayout("/old", 5, [new KernelSessionEntry(1, new KernelSession { Totals = new KernelStreamValues(0, 15, 0) })]);

        var after = Successor(out var stored, loadTime: 9);
        after.Tracker.Adopt(stored, [], [retired], 2 * Second);
        var kernel = new KernelEvents(3, 3 * Second);
        after.Feed(kernel.Start(Start.OutputOnly with { Late = true }), kernel.Data(KernelStream.Out, "again"), kernel.StreamEnd(KernelStream.Out), kernel.StreamEnd(KernelStream.Err), kernel.Exit(0, 0));

        var all = Joined(after);
        all.ShouldTile(StreamId.Out).ShouldBe(20UL);
        all.Gaps(StreamId.Out).Select(gap => (gap.Offset, gap.Length, gap.Reason)).ShouldBe([(5UL, 10UL, GapReason.AgentDown), (15UL, null, GapReason.AgentDown)]);
        all.All.Select(frame => frame.Subject).Distinct().ShouldHaveSingleItem();
        all.Snapshots.Last().Late.ShouldBeFalse();
    }

    [Fact]
    public void Restart_CrashWithoutPins_WaitsForTheCollectorsOffsets()
    {
        _before.Feed(_kernel.Start(Start.OutputOnly), _kernel.Data(KernelStream.Out, "12345"));
        var after = Successor(out var stored, loadTime: 9);
        after.Tracker.Adopt(stored, [], [], 2 * Second);
        var kernel = new KernelEvents(3, 3 * Second);
        after.Feed(kernel.Start(Start.OutputOnly with { Late = true }), kernel.Data(KernelStream.Out, "again"));
        after.Frames.All.ShouldBeEmpty();
        after.Tracker.OnStoredHeads(stored[0].Id, new SubjectHead(stored[0].Id, 1, [new StreamHead(StreamId.Out, 5)]));

        after.Frames.Of<WrittenData>().Single().Offset.ShouldBe(5UL);
        after.Frames.Gaps(StreamId.Out).Single().Length.ShouldBeNull();
    }

    [Fact]
    public void Restart_NeverFoundAgain_EndsNotObserved()
    {
        _before.Feed(_kernel.Start(Start.OutputOnly));
        var after = Successor(out var stored, loadTime: 9);
        after.Tracker.Adopt(stored, [], [], 2 * Second);
        after.Tracker.AdvanceTo(100 * Second);

        after.Frames.Of<SessionEndFrame>().Single().Cause.ShouldBe(SessionEndCause.NotObserved);
    }

    [Fact]
    public void Store_OtherBootOrDamaged_IsRemoved()
    {
        _before.Feed(_kernel.Start(Start.Terminal));
        var path = _before.Files().ShouldHaveSingleItem();
        File.WriteAllBytes(Path.ChangeExtension(path, "broken.session"), [1, 2, 3]);
        using var other = new TrackerFixture(TrackerFixture.DefaultOptions with { BootId = Guid.NewGuid() }, _before);

        other.Store.Load().ShouldBeEmpty();
        _before.Files().ShouldBeEmpty();
    }

    private TrackerFixture Successor(out IReadOnlyList<StoredSession> stored, ulong loadTime = 5)
    {
        var after = new TrackerFixture(TrackerFixture.DefaultOptions with { LoadTime = loadTime }, _before);
        stored = after.Store.Load();
        return after;
    }

    private RecordedFrames Joined(TrackerFixture after)
    {
        var all = new RecordedFrames();
        all.All.AddRange(_before.Frames.All);
        all.All.AddRange(after.Frames.All);
        return all;
    }

    private static KernelSessionEntry Entry(int live) => new(1, new KernelSession { Live = live, Kind = KernelKind.Exec });
}
