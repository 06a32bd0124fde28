using System.Text.Json;

namespace Recorder.Kernel.Tests;

public sealed class PinTests : IDisposable
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
    public void Open_AfterDispose_AdoptsAndReadsWhatCameInBetween()
    {
        string layout;
        ulong load;
        using (KernelCapture first = Open())
        {
            var before = new RecordingHandler();
            first.Start(before);
            layout = first.PinnedAt!;
            load = first.LoadTime;
            Fixture.Emit(layout, KernelEventType.Data, session: 3, first: 0, records: 10, size: 8, live: 1);
            before.AwaitRecords(10);
        }
        Fixture.Emit(layout, KernelEventType.Data, session: 3, first: 10, records: 50, size: 8, live: 1);

        var after = new RecordingHandler();
        using KernelCapture second = Open();
        second.Adopted.ShouldBeTrue();
        second.AdoptedFrom!.UnreadBytes.ShouldBeGreaterThan(0UL);
        second.AdoptedFrom.StreamsAttached.ShouldBeTrue();
        second.LoadTime.ShouldBe(load);
        second.ReadSessions().Single().State.GetTotal(KernelStream.Out).ShouldBe(60UL);
        second.Start(after);
        after.AwaitRecords(50);

        after.Records.Select(r => r.Event.Sequence).ShouldBe(Enumerable.Range(10, 50).Select(i => (ulong)i));
        second.Stop(keepPinned: false);
        _pins.Layouts.ShouldBeEmpty();
    }

    [Fact]
    public void Open_AgentDiedWhileIdle_AdoptsAndKnowsThatNobodyWatched()
    {
        Abandon(Fixture.Plain);
        string layout = _pins.Layouts.Single();
        foreach (string links in Directory.GetDirectories(layout, "streams-*").Append(Path.Combine(layout, "tracepoints")))
            Directory.Delete(links, recursive: true); // as an agent leaves it that is killed with nothing to record
        ulong away = Host.BootClock.Now();

        using KernelCapture capture = Open();
        capture.AdoptedFrom!.StreamsAttached.ShouldBeFalse();
        capture.Start(new RecordingHandler());

        capture.WereStreamsAttached(away).ShouldBeFalse();
        capture.WereStreamsAttached(Host.BootClock.Now()).ShouldBeTrue();
        capture.Programs.ShouldAllBe(p => p.State == ProgramState.Attached || p.Name == "scan_tasks" || p.Section == "syscall");
        capture.Stop(keepPinned: false);
    }

    [Fact]
    public void Dispose_KeptPins_LeavesEveryProgramAttached()
    {
        using (KernelCapture capture = Open())
        {
            capture.Start(new RecordingHandler());
            KernelAccess.Eventually(() => capture.StreamsAttachedSince == 0, "detached");
        }

        string layout = _pins.Layouts.Single();
        ulong calls = PinnedVariables.Read(layout, Fixture.Plain, "calls");
        KernelAccess.Eventually(() => PinnedVariables.Read(layout, Fixture.Plain, "calls") > calls, "on_sys_exit ran without an agent");
        KernelCapture.Uninstall(_pins.Directory);
    }

    [Fact]
    public void Uninstall_KeptPins_LeavesNoPinAndNoLink()
    {
        HashSet<int> links = LinkIds();
        using (KernelCapture capture = Open())
            capture.Start(new RecordingHandler());
        LinkIds().Except(links).Count().ShouldBe(6);

        KernelCapture.Uninstall(_pins.Directory);

        Directory.Exists(_pins.Directory).ShouldBeFalse();
        KernelAccess.Eventually(() => !LinkIds().Except(links).Any(), "links gone");
        KernelCapture.Uninstall(_pins.Directory);
    }

    [Fact]
    public void Open_OtherRingSize_RetiresWithTheLastTotals()
    {
        Abandon(Fixture.Plain);

        using KernelCapture capture = Open(Options with { RingBytes = 1 << 19 });

        capture.Adopted.ShouldBeFalse();
        RetiredLayout retired = capture.Retired.Single();
        retired.LoadTime.ShouldBeInRange(1UL, capture.LoadTime);
        retired.Sessions.Single().Session.ShouldBe(3UL);
        retired.Sessions.Single().State.GetTotal(KernelStream.Out).ShouldBe(60UL);
        capture.ReadSessions().ShouldBeEmpty();
        _notices.ShouldContain(n => n.Kind == CaptureNoticeKind.LayoutRetired);
        _pins.Layouts.Count.ShouldBe(1);
    }

    [Fact]
    public void Open_OtherSetting_Retires()
    {
        Abandon(Fixture.Plain);

        using KernelCapture capture = Open(Options with { HostTerminals = true });

        capture.Adopted.ShouldBeFalse();
        capture.Retired.Count.ShouldBe(1);
    }

    [Fact]
    public void Open_OtherVersion_RetiresWithTheLastTotals()
    {
        Abandon(Fixture.OtherVersion);

        using KernelCapture capture = Open();

        capture.Adopted.ShouldBeFalse();
        capture.Retired.Single().Sessions.Single().State.GetTotal(KernelStream.Out).ShouldBe(60UL);
        _pins.Layouts.ShouldBe([capture.PinnedAt!]);
    }

    [Theory]
    [InlineData("complete")]
    [InlineData("links/on_exec")]
    [InlineData("maps/events")]
    [InlineData("maps/_bss")]
    [InlineData("programs/on_sys_exit")]
    public void Open_PinMissing_RemovesTheRestAndLoadsAnew(string missing)
    {
        Abandon(Fixture.Plain);
        string path = Path.Combine(_pins.Layouts.Single(), missing);
        if (Directory.Exists(path))
            Directory.Delete(path);
        else
            File.Delete(path);

        using KernelCapture capture = Open();

        capture.Adopted.ShouldBeFalse();
        _notices.ShouldContain(n => n.Kind == CaptureNoticeKind.PinsRemoved);
        capture.Start(new RecordingHandler());
        capture.Stop(keepPinned: false);
        _pins.Layouts.ShouldBeEmpty();
    }

    [Fact]
    public void Open_NeverStarted_LeavesNoPins()
    {
        using (Open())
            _pins.Layouts.Count.ShouldBe(1);

        _pins.Layouts.ShouldBeEmpty();
    }

    [Fact]
    public void Open_SecondAgentOnTheSamePins_IsRefused()
    {
        using KernelCapture first = Open();

        Should.Throw<CaptureException>(() => Open()).Message.ShouldContain("another agent");
        Should.Throw<CaptureException>(() => KernelCapture.Uninstall(_pins.Directory)).Message.ShouldContain("another agent");
    }

    [Fact]
    public void Open_DirectoryNotOnBpffs_RunsUnpinnedAndSaysSo()
    {
        string directory = Path.Combine(Path.GetTempPath(), "recorder-no-bpffs");

        using KernelCapture capture = Open(Options with { PinDirectory = directory });

        capture.PinnedAt.ShouldBeNull();
        _notices.ShouldContain(n => n.Kind == CaptureNoticeKind.NotPinned && n.Subject == directory);
        capture.Start(new RecordingHandler());
        capture.Stop(keepPinned: true);
        Directory.Exists(directory).ShouldBeFalse();
    }

    /// <summary>An agent recorded 60 bytes of session 3, and is gone; its pins stay.</summary>
    private void Abandon(byte[] file)
    {
        using KernelCapture capture = KernelCapture.Open(Options, _notices.Add, file);
        capture.Start(new RecordingHandler());
        Fixture.Emit(capture.PinnedAt!, KernelEventType.Data, session: 3, records: 60, size: 1, live: 1);
    }

    private KernelCapture Open(CaptureOptions? options = null) => KernelCapture.Open(options ?? Options, _notices.Add, Fixture.Plain);

    private static HashSet<int> LinkIds()
    {
        if (!File.Exists("/usr/sbin/bpftool"))
            Assert.Skip("needs bpftool");
        using JsonDocument links = JsonDocument.Parse(KernelAccess.Run("/usr/sbin/bpftool", "link", "list", "-j"));
        return [.. links.RootElement.EnumerateArray().Select(l => l.GetProperty("id").GetInt32())];
    }
}
