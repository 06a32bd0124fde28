namespace Recorder.Kernel.Tests;

public sealed class KernelCaptureTests : IDisposable
{
    private readonly PinSandbox _pins = new();
    private readonly List<CaptureNotice> _notices = [];

    private CaptureOptions Options => new()
    {
        RingBytes = 1 << 20,
        WakeBytes = 0,
        PinDirectory = _pins.Directory,
        Linger = TimeSpan.FromMilliseconds(50),
    };

    public void Dispose() => _pins.Dispose();

    [Fact]
    public void Start_FreshLoad_DeliversRecordsInOrder()
    {
        var handler = new RecordingHandler();
        using KernelCapture capture = Open(Options);
        capture.Start(handler);

        Fixture.Emit(capture.PinnedAt!, KernelEventType.Data, session: 7, first: 100, records: 200, size: 64);
        handler.AwaitRecords(200);

        handler.Records.Select(r => r.Event.Sequence).ShouldBe(Enumerable.Range(100, 200).Select(i => (ulong)i));
        handler.Records.ShouldAllBe(r => r.Payload.Length == 64 && r.Payload.All(b => b == (byte)r.Event.Sequence));
        capture.Adopted.ShouldBeFalse();
        capture.LoadTime.ShouldBeGreaterThan(0UL);
        capture.Failures.ShouldBe(default);
        capture.Stop(keepPinned: false);
    }

    [Fact]
    public void Start_FreshLoad_RunsEveryScanPass()
    {
        using KernelCapture capture = Open(Options);
        capture.Start(new RecordingHandler());

        capture.Programs.ShouldAllBe(p => p.State == ProgramState.Attached || p.Name == "scan_tasks" || p.Section == "syscall");
        ReadVariable(capture, "passes").ShouldBe(0b11111UL);
        ReadVariable(capture, "recorder_self").ShouldBe((ulong)Environment.ProcessId);
        capture.Stop(keepPinned: false);
    }

    [Fact]
    public void LazyCapture_NothingToRecord_DetachesStreamPrograms()
    {
        using KernelCapture capture = Open(Options);
        capture.Start(new RecordingHandler());

        KernelAccess.Eventually(() => capture.StreamsAttachedSince == 0, "detached");

        State(capture, "on_sys_exit").ShouldBe(ProgramState.Loaded);
        State(capture, "on_exec").ShouldBe(ProgramState.Attached);
        ulong calls = ReadVariable(capture, "calls");
        Thread.Sleep(50);
        ReadVariable(capture, "calls").ShouldBe(calls);
        capture.Stop(keepPinned: false);
    }

    [Fact]
    public void LazyCapture_Pending_AttachesBeforeTheNextRecordIsRead()
    {
        var attached = new List<bool>();
        KernelCapture? capture = null;
        var handler = new RecordingHandler { Seen = _ => attached.Add(capture!.StreamsAttachedSince != 0) };
        using (capture = Open(Options))
        {
            capture.Start(handler);
            KernelAccess.Eventually(() => capture.StreamsAttachedSince == 0, "detached");

            Fixture.Emit(capture.PinnedAt!, KernelEventType.Pending, session: 1, live: 1);
            handler.AwaitRecords(1);
            attached.ShouldBe([true]);

            Thread.Sleep(150); // longer than the linger: a live stream keeps them
            State(capture, "on_sys_exit").ShouldBe(ProgramState.Attached);
            Fixture.Emit(capture.PinnedAt!, KernelEventType.StreamEnd, session: 1, first: 1, live: 0);
            KernelAccess.Eventually(() => capture.StreamsAttachedSince == 0, "detached again");
            capture.Stop(keepPinned: false);
        }
    }

    [Fact]
    public void LazyCapture_PendingRecordLost_AttachesByTheVariables()
    {
        using KernelCapture capture = Open(Options);
        capture.Start(new RecordingHandler());
        KernelAccess.Eventually(() => capture.StreamsAttachedSince == 0, "detached");

        Fixture.Emit(capture.PinnedAt!, KernelEventType.Drop, session: 0, records: 0, live: 1);

        KernelAccess.Eventually(() => capture.StreamsAttachedSince != 0, "attached");
        capture.Stop(keepPinned: false);
    }

    [Fact]
    public void StrictCapture_NothingToRecord_StaysAttached()
    {
        using KernelCapture capture = Open(Options with { Mode = CaptureMode.Strict, Linger = TimeSpan.Zero });
        capture.Start(new RecordingHandler());

        Thread.Sleep(150);

        State(capture, "on_sys_exit").ShouldBe(ProgramState.Attached);
        capture.Stop(keepPinned: false);
    }

    [Fact]
    public void Sessions_ReadAndForgotten_AreWhatTheMapHolds()
    {
        using KernelCapture capture = Open(Options);
        capture.Start(new RecordingHandler());
        capture.ReadSessions().ShouldBeEmpty();
        Fixture.Emit(capture.PinnedAt!, KernelEventType.Data, session: 9, records: 3, size: 1);
        Fixture.Emit(capture.PinnedAt!, KernelEventType.Data, session: 4, records: 5, size: 1);

        capture.ReadSessions().Select(s => (s.Session, s.State.GetTotal(KernelStream.Out))).ShouldBe([(4UL, 5UL), (9UL, 3UL)]);
        capture.CloseSession(9).ShouldBeTrue();
        capture.TryReadSession(9, out KernelSession nine).ShouldBeTrue();
        (nine.NextSequence, nine.Kind, nine.Live, nine.Ended).ShouldBe((3UL, KernelKind.Exec, 1, 7U));
        capture.ForgetSession(9).ShouldBeTrue();
        capture.ForgetSession(9).ShouldBeFalse();
        capture.CloseSession(9).ShouldBeFalse();
        capture.TryReadSession(9, out _).ShouldBeFalse();
        capture.Stop(keepPinned: false);
    }

    [Fact]
    public void Ring_Overflow_IsCountedAndTheRestArrives()
    {
        var handler = new RecordingHandler();
        using KernelCapture capture = Open(Options with { RingBytes = 64 * 1024 });
        Fixture.Emit(capture.PinnedAt!, KernelEventType.Data, session: 1, records: 100, size: 4096);
        capture.Start(handler);
        KernelAccess.Eventually(() => capture.UnreadBytes == 0, "drained");

        ulong lost = capture.ReadCounters()[KernelCounter.RingFullEvents];
        lost.ShouldBeGreaterThan(0UL);
        ((ulong)handler.Records.Count + lost).ShouldBe(100UL);
        capture.Stop(keepPinned: false);
    }

    [Fact]
    public void Handler_Throws_IsCountedAndTheRingIsReadOn()
    {
        var handler = new RecordingHandler { Seen = e => { if (e.Sequence == 1) throw new InvalidOperationException("once"); } };
        using KernelCapture capture = Open(Options);
        capture.Start(handler);

        Fixture.Emit(capture.PinnedAt!, KernelEventType.Data, session: 1, records: 3);
        handler.AwaitRecords(2);

        handler.Records.Select(r => r.Event.Sequence).ShouldBe([0UL, 2UL]);
        capture.Failures.Handler.ShouldBe(1);
        _notices.ShouldContain(n => n.Kind == CaptureNoticeKind.HandlerFailed);
        capture.Stop(keepPinned: false);
    }

    [Fact]
    public void AddContainer_UnknownOne_IsAccepted()
    {
        using KernelCapture capture = Open(Options);
        var container = new KernelContainer { CgroupId = 5, CgroupVersion = 1, Name = new string('a', 64), InitPid = 1, InitStartTime = 2 };

        capture.AddContainer(container).ShouldBeTrue();
        capture.AddContainer(container).ShouldBeTrue();
        Should.Throw<ArgumentOutOfRangeException>(() => capture.AddContainer(container with { Name = new string('a', 72) }));
        capture.Stop(keepPinned: false);
    }

    [Fact]
    public void Open_RequiredProgramRefused_NamesItAndTheReason()
    {
        ProgramRefusedException e = Should.Throw<ProgramRefusedException>(
            () => KernelCapture.Open(Options, _notices.Add, Fixture.RefuseRequired));

        e.Program.ShouldBe("on_cgroup_attach");
        e.Reason.ShouldContain("invalid bpf_context access");
        _pins.Layouts.ShouldBeEmpty();
    }

    [Fact]
    public void Open_OptionalProgramRefused_GoesOnWithoutItAndSaysSo()
    {
        using KernelCapture capture = KernelCapture.Open(Options, _notices.Add, Fixture.RefuseOptional);

        ProgramStatus refused = capture.Programs.Single(p => p.Name == "refused_program");
        refused.State.ShouldBe(ProgramState.Refused);
        refused.Reason.ShouldContain("infinite loop");
        _notices.ShouldContain(n => n.Kind == CaptureNoticeKind.ProgramUnavailable && n.Subject == "refused_program");
        capture.Start(new RecordingHandler());
        capture.Stop(keepPinned: false);
    }

    [Fact]
    public void Open_HookNotInTheKernel_IsAbsent()
    {
        using KernelCapture capture = KernelCapture.Open(Options, _notices.Add, Fixture.AbsentOptional);

        ProgramStatus absent = capture.Programs.Single(p => p.Name == "absent_program");
        absent.State.ShouldBe(ProgramState.Absent);
        absent.Reason.ShouldContain("no_such_hook_of_the_kernel");
    }

    private KernelCapture Open(CaptureOptions options) => KernelCapture.Open(options, _notices.Add, Fixture.Plain);

    private static ProgramState State(KernelCapture capture, string program) =>
        capture.Programs.Single(p => p.Name == program).State;

    private static ulong ReadVariable(KernelCapture capture, string name) =>
        PinnedVariables.Read(capture.PinnedAt!, Fixture.Plain, name);
}
