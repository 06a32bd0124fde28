using System.Net.Sockets;
using System.Text;
using Recorder.Agent.Systemd;

namespace Recorder.Agent.Tests.Systemd;

public sealed class ServiceNotifierTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("recorder-notify-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Messages_PathSocket_ArriveOneDatagramEach()
    {
        string path = Path.Combine(_directory, "notify");
        using Socket manager = Listen(new UnixDomainSocketEndPoint(path));
        using ServiceNotifier notifier = Create(("NOTIFY_SOCKET", path));

        notifier.Ready();
        notifier.Status("2 sessions\nopen");
        notifier.KickWatchdog();
        notifier.Stopping(TimeSpan.FromSeconds(10));

        Receive(manager).ShouldBe("READY=1");
        Receive(manager).ShouldBe("STATUS=2 sessions open");
        Receive(manager).ShouldBe("WATCHDOG=1");
        Receive(manager).ShouldBe("STOPPING=1\nEXTEND_TIMEOUT_USEC=10000000");
    }

    [Fact]
    public void Messages_AbstractSocket_Arrive()
    {
        string name = "recorder-test-" + Guid.NewGuid().ToString("N");
        using Socket manager = Listen(new UnixDomainSocketEndPoint("\0" + name));
        using ServiceNotifier notifier = Create(("NOTIFY_SOCKET", "@" + name));

        notifier.Ready();

        Receive(manager).ShouldBe("READY=1");
    }

    [Fact]
    public void Messages_NoManager_AreDropped()
    {
        using ServiceNotifier unset = Create();
        using ServiceNotifier gone = Create(("NOTIFY_SOCKET", Path.Combine(_directory, "gone")));

        Should.NotThrow(unset.Ready);
        Should.NotThrow(gone.Ready);
    }

    [Fact]
    public void WatchdogTimeout_ForAnotherProcess_IsNone()
    {
        using ServiceNotifier ours = Create(("WATCHDOG_USEC", "3000000"), ("WATCHDOG_PID", Environment.ProcessId.ToString()));
        using ServiceNotifier theirs = Create(("WATCHDOG_USEC", "3000000"), ("WATCHDOG_PID", "1"));

        ours.WatchdogTimeout.ShouldBe(TimeSpan.FromSeconds(3));
        theirs.WatchdogTimeout.ShouldBeNull();
    }

    [Fact]
    public async Task Watchdog_WorkStandsStill_SaysNothing()
    {
        string path = Path.Combine(_directory, "notify");
        using Socket manager = Listen(new UnixDomainSocketEndPoint(path));
        using ServiceNotifier notifier = Create(("NOTIFY_SOCKET", path), ("WATCHDOG_USEC", "20000"));
        using CancellationTokenSource stop = new();
        bool alive = true;
        int asked = 0;
        Task running = new Watchdog(notifier, () => { Interlocked.Increment(ref asked); return Volatile.Read(ref alive); }, TimeProvider.System).RunAsync(stop.Token);

        Receive(manager).ShouldBe("WATCHDOG=1");
        Volatile.Write(ref alive, false);
        int before = Volatile.Read(ref asked);
        while (Volatile.Read(ref asked) < before + 3)
            await Task.Delay(10, TestContext.Current.CancellationToken);
        await stop.CancelAsync();
        await running;
        // One more may have been on its way when the work stopped; those asked since then sent none.
        int arrived = 0;
        while (manager.Available > 0)
        {
            Receive(manager);
            arrived++;
        }

        arrived.ShouldBeLessThan(asked - 1);
    }

    private static ServiceNotifier Create(params (string Name, string Value)[] variables) =>
        ServiceNotifier.FromEnvironment(name => variables.FirstOrDefault(pair => pair.Name == name).Value);

    private static Socket Listen(UnixDomainSocketEndPoint address)
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { ReceiveTimeout = 10_000 };
        socket.Bind(address);
        return socket;
    }

    private static string Receive(Socket socket)
    {
        byte[] buffer = new byte[4096];
        return Encoding.UTF8.GetString(buffer, 0, socket.Receive(buffer));
    }
}
