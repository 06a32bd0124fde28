using System.Net.Sockets;
using System.Text;
using Recorder.Collector.Tests.Fixtures;

namespace Recorder.Collector.Tests.EndToEnd;

public sealed class ServiceTests
{
    [Fact]
    public async Task ServiceManager_IsToldReadyAliveAndStopping()
    {
        using var data = new DataDirectory();
        string path = Path.Combine(data.Path, "notify");
        using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path));
        await using var collector = await CollectorProcess.StartAsync(data.Path, new Dictionary<string, string> { ["NOTIFY_SOCKET"] = path, ["WATCHDOG_USEC"] = "200000" });

        (await NextAsync(socket)).ShouldBe("READY=1");
        (await NextAsync(socket)).ShouldBe("WATCHDOG=1");
        collector.Signal("TERM");
        string said;
        while ((said = await NextAsync(socket)) == "WATCHDOG=1")
        {
        }

        said.ShouldBe("STOPPING=1");
        (await collector.WaitAsync()).ShouldBe(0);
    }

    private static async Task<string> NextAsync(Socket socket)
    {
        byte[] buffer = new byte[256];
        int length = await socket.ReceiveAsync(buffer, AgentConnection.Cancellation).AsTask().WaitAsync(TimeSpan.FromSeconds(30));
        return Encoding.UTF8.GetString(buffer, 0, length);
    }
}
