using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Recorder.Kernel.Tests;

/// <summary>The real programs, a real container.</summary>
public sealed class RealSessionTests : IDisposable
{
    private readonly PinSandbox _pins = new();
    private readonly List<CaptureNotice> _notices = [];

    private CaptureOptions Options => new() { PinDirectory = _pins.Directory, Linger = TimeSpan.FromMilliseconds(200) };

    public void Dispose() => _pins.Dispose();

    [Fact]
    public void ContainerStartsAndNothingEnters_NoSession()
    {
        var log = new SessionLog();
        using KernelCapture capture = KernelCapture.Open(Options, _notices.Add);
        capture.Start(log);

        using var container = new RuncContainer();
        Thread.Sleep(300);

        log.Of(container.Id).ShouldBeEmpty();
        _notices.ShouldBeEmpty();
        capture.Failures.ShouldBe(default);
        capture.Stop(keepPinned: false);
    }

    [Theory]
    [InlineData(CaptureMode.Lazy)]
    [InlineData(CaptureMode.Strict)]
    public void Exec_LargeOutput_IsByteIdentical(CaptureMode mode)
    {
        var log = new SessionLog();
        using KernelCapture capture = KernelCapture.Open(Options with { Mode = mode }, _notices.Add);
        capture.Start(log);
        using var container = new RuncContainer();
        if (mode == CaptureMode.Lazy)
            AwaitIdle(capture);

        using Process exec = container.Exec("sh", "-c", "echo begun >&2; seq 1 200000; exit 3");
        string output = exec.StandardOutput.ReadToEnd();
        exec.WaitForExit();

        exec.ExitCode.ShouldBe(3);
        SessionRecord session = log.Await(container.Id, s => s.HasEnded(KernelStream.Out) && s.HasEnded(KernelStream.Err) && s.Status >= 0);
        session.Kind.ShouldBe(KernelKind.Exec);
        session.Argv.ShouldBe("sh\0-c\0echo begun >&2; seq 1 200000; exit 3\0");
        Digest(session.Bytes(KernelStream.Out)).ShouldBe(Digest(Encoding.ASCII.GetBytes(output)));
        Encoding.ASCII.GetString(session.Bytes(KernelStream.Err)).ShouldBe("begun\n");
        session.Tiles(KernelStream.Out).ShouldBeTrue();
        capture.WereStreamsAttached(session.StartTime).ShouldBeTrue();
        session.Events.Select(e => e.Sequence).ShouldBe(Enumerable.Range(0, session.Events.Count).Select(i => (ulong)i));
        capture.Stop(keepPinned: false);
    }

    [Fact]
    public void Exec_RightAfterDetaching_IsWholeOrKnownToHaveBegunEarlier()
    {
        var log = new SessionLog();
        using KernelCapture capture = KernelCapture.Open(Options with { Linger = TimeSpan.Zero }, _notices.Add);
        capture.Start(log);
        using var container = new RuncContainer();
        for (int i = 0; i < 5; i++)
        {
            AwaitDetached(capture);
            using Process exec = container.Exec("seq", i.ToString(CultureInfo.InvariantCulture), "3000");
            string output = exec.StandardOutput.ReadToEnd();
            exec.WaitForExit();

            SessionRecord session = log.Await(container.Id, s => s.Argv == $"seq\0{i}\03000\0" && s.HasEnded(KernelStream.Out));
            bool whole = Encoding.ASCII.GetString(session.Bytes(KernelStream.Out)) == output;
            (whole || !capture.WereStreamsAttached(session.StartTime)).ShouldBeTrue(session.ToString());
        }
        capture.Stop(keepPinned: false);
    }

    [Fact]
    public void Exec_RingOverflows_WhatIsLostIsKnownToTheByte()
    {
        var log = new SessionLog();
        using var stalled = new ManualResetEventSlim();
        var slow = new StalledHandler(log, stalled);
        using KernelCapture capture = KernelCapture.Open(Options with { RingBytes = 256 * 1024, WakeBytes = 0, Mode = CaptureMode.Strict }, _notices.Add);
        capture.Start(slow);
        using var container = new RuncContainer();

        using Process exec = container.Exec("seq", "1", "300000");
        string output = exec.StandardOutput.ReadToEnd();
        exec.WaitForExit();
        stalled.Set();

        KernelAccess.Eventually(() => capture.UnreadBytes == 0, "drained");
        KernelSessionEntry entry = capture.ReadSessions().Single(s => log.IsOrMayBe(s.Session, container.Id) && s.State.Totals.Out == (ulong)output.Length);
        SessionRecord session = log.Get(entry.Session);
        entry.State.DroppedBytes.Out.ShouldBeGreaterThan(0UL);
        ((ulong)session.Bytes(KernelStream.Out).Length + entry.State.DroppedBytes.Out).ShouldBe((ulong)output.Length);
        session.EveryByteIsAtItsOffset(KernelStream.Out, Encoding.ASCII.GetBytes(output)).ShouldBeTrue();
        capture.ReadCounters()[KernelCounter.RingFullBytes].ShouldBeGreaterThanOrEqualTo(entry.State.DroppedBytes.Out);
        capture.Stop(keepPinned: false);
    }

    [Fact]
    public async Task Exec_Input_IsByteIdentical()
    {
        var log = new SessionLog();
        using KernelCapture capture = KernelCapture.Open(Options, _notices.Add);
        capture.Start(log);
        using var container = new RuncContainer();
        byte[] input = RandomNumberGenerator.GetBytes(300_000);

        using Process exec = container.Exec("cat");
        Task<byte[]> output = Task.Run(() => ReadAll(exec.StandardOutput.BaseStream), TestContext.Current.CancellationToken);
        log.Await(container.Id, s => s.Argv.StartsWith("cat", StringComparison.Ordinal)); // runc copies at once: before the entry nobody sees it
        exec.StandardInput.BaseStream.Write(input);
        exec.StandardInput.Close();
        Digest(await output).ShouldBe(Digest(input));

        SessionRecord session = log.Await(container.Id, s => s.HasEnded(KernelStream.Out));
        Digest(session.Bytes(KernelStream.Out)).ShouldBe(Digest(input));
        Digest(session.Bytes(KernelStream.In)).ShouldBe(Digest(input));
        capture.Stop(keepPinned: false);
    }

    [Fact]
    public void Exec_InputBeforeTheEntry_IsCountedAsQueued()
    {
        var log = new SessionLog();
        using KernelCapture capture = KernelCapture.Open(Options with { Mode = CaptureMode.Strict }, _notices.Add);
        capture.Start(log);
        using var container = new RuncContainer();

        using Process exec = container.Exec("cat");
        exec.StandardInput.Write("typed before the container was entered\n");
        exec.StandardInput.Close();
        exec.StandardOutput.ReadToEnd().Length.ShouldBe(39);

        SessionRecord session = log.Await(container.Id, s => s.HasEnded(KernelStream.Out));
        (session.QueuedInput + (uint)session.Bytes(KernelStream.In).Length).ShouldBe(39U);
        capture.Stop(keepPinned: false);
    }

    [Fact]
    public async Task AgentRestarts_InMidSession_NothingIsLost()
    {
        using var container = new RuncContainer();
        var log = new SessionLog();
        Process exec;
        Task<byte[]> output;
        using (KernelCapture first = KernelCapture.Open(Options, _notices.Add))
        {
            first.Start(log);
            exec = container.Exec("sh", "-c", "while read line; do seq $line; done");
            output = Task.Run(() => ReadAll(exec.StandardOutput.BaseStream), TestContext.Current.CancellationToken);
            log.Await(container.Id, s => s.Argv.Length > 0);
            exec.StandardInput.Write("20000\n");
            exec.StandardInput.Flush();
            log.Await(container.Id, s => s.Bytes(KernelStream.Out).Length > 1000);
        }
        exec.StandardInput.Write("30000\n"); // nobody reads the ring now
        exec.StandardInput.Flush();
        Thread.Sleep(300);
        using KernelCapture second = KernelCapture.Open(Options, _notices.Add);
        second.Adopted.ShouldBeTrue();
        second.Start(log);
        exec.StandardInput.Write("10000\n");
        exec.StandardInput.Close();

        byte[] expected = await output;
        SessionRecord session = log.Await(container.Id, s => s.HasEnded(KernelStream.Out));
        Digest(session.Bytes(KernelStream.Out)).ShouldBe(Digest(expected));
        session.Tiles(KernelStream.Out).ShouldBeTrue();
        Encoding.ASCII.GetString(session.Bytes(KernelStream.In)).ShouldBe("20000\n30000\n10000\n");
        second.Stop(keepPinned: false);
        exec.Dispose();
    }

    [Fact]
    public void SessionRunsBeforeTheAgent_IsFoundAsLate()
    {
        using var container = new RuncContainer();
        using Process exec = container.Exec("sh", "-c", "read a; echo got $a; read b");
        Thread.Sleep(500); // until it waits for its input
        var log = new SessionLog();
        using KernelCapture capture = KernelCapture.Open(Options, _notices.Add);
        capture.Start(log);

        exec.StandardInput.Write("late\nend\n");
        exec.StandardInput.Close();

        SessionRecord session = log.Await(container.Id, s => s.HasEnded(KernelStream.Out));
        Encoding.ASCII.GetString(session.Bytes(KernelStream.Out)).ShouldBe("got late\n");
        capture.Stop(keepPinned: false);
    }

    /// <summary>Detached, and the kernel's grace period over: attaching within it must wait for its end.</summary>
    private static void AwaitIdle(KernelCapture capture)
    {
        AwaitDetached(capture);
        Thread.Sleep(1000);
    }

    private static void AwaitDetached(KernelCapture capture)
    {
        for (int i = 0; i < 2000 && capture.StreamsAttachedSince != 0; i++)
            Thread.Sleep(5);
        if (capture.StreamsAttachedSince != 0 && capture.ReadSessions().Any(s => s.State.Live > 0))
            Assert.Skip("another session lives on this machine: the stream programs stay attached");
        capture.StreamsAttachedSince.ShouldBe(0UL);
    }

    private static string Digest(byte[] bytes) => bytes.Length + " " + Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static byte[] ReadAll(Stream stream)
    {
        using var all = new MemoryStream();
        stream.CopyTo(all);
        return all.ToArray();
    }

    /// <summary>Stands still at the first stream bytes until it is let go.</summary>
    private sealed class StalledHandler(SessionLog log, ManualResetEventSlim released) : IKernelEventHandler
    {
        public void Handle(in KernelEvent e, ReadOnlySpan<byte> payload)
        {
            if (e.Type == KernelEventType.Data)
                released.Wait(TimeSpan.FromMinutes(1));
            log.Handle(in e, payload);
        }

        public void Idle()
        {
        }
    }
}
