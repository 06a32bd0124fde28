using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Recorder.Collector.Diagnostics;

/// <summary>
/// Tells systemd how the service is, by datagrams to the socket in NOTIFY_SOCKET
/// (https://www.freedesktop.org/software/systemd/man/latest/sd_notify.html). Silent without one.
/// </summary>
internal sealed class ServiceNotifier : IAsyncDisposable
{
    private readonly Socket? _socket;
    private readonly TimeSpan? _watchdog;
    private readonly CancellationTokenSource _stop = new();
    private Task _watching = Task.CompletedTask;

    public ServiceNotifier(string? path, string? watchdogMicroseconds)
    {
        if (string.IsNullOrEmpty(path)) return;
        _socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        _socket.Connect(new UnixDomainSocketEndPoint(path[0] == '@' ? '\0' + path[1..] : path));
        if (long.TryParse(watchdogMicroseconds, NumberStyles.None, CultureInfo.InvariantCulture, out long limit) && limit > 0)
            _watchdog = TimeSpan.FromMicroseconds(limit / 2.0);
    }

    /// <summary>For this process, by its environment.</summary>
    public static ServiceNotifier FromEnvironment()
    {
        // WATCHDOG_PID names the process that is watched; another one's limit doesn't concern us.
        string? pid = Environment.GetEnvironmentVariable("WATCHDOG_PID");
        bool ours = pid is null || pid == Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        return new ServiceNotifier(
            Environment.GetEnvironmentVariable("NOTIFY_SOCKET"),
            ours ? Environment.GetEnvironmentVariable("WATCHDOG_USEC") : null);
    }

    /// <summary>Says that start-up is over, and from now on, twice per watchdog limit, that <paramref name="isAlive"/>.</summary>
    public void Ready(Func<bool> isAlive, TimeProvider time)
    {
        Send("READY=1");
        if (_watchdog is { } interval) _watching = WatchAsync(interval, isAlive, time);
    }

    public void Stopping() => Send("STOPPING=1");

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching;
        _stop.Dispose();
        _socket?.Dispose();
    }

    private async Task WatchAsync(TimeSpan interval, Func<bool> isAlive, TimeProvider time)
    {
        using var timer = new PeriodicTimer(interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                if (isAlive()) Send("WATCHDOG=1");
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
    }

    private void Send(string state)
    {
        try
        {
            _socket?.Send(Encoding.UTF8.GetBytes(state));
        }
        catch (SocketException)
        {
            // The service manager went away; it can't be told that.
        }
    }
}
