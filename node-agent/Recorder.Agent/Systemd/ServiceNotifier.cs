using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Recorder.Agent.Systemd;

/// <summary>
/// Tells the service manager about the agent's state over the datagram socket in <c>NOTIFY_SOCKET</c>, as
/// <see href="https://www.freedesktop.org/software/systemd/man/latest/sd_notify.html">sd_notify(3)</see> describes.
/// Does nothing where there is no such manager. A message that can't be sent is dropped: the manager's own timeout tells.
/// </summary>
internal sealed class ServiceNotifier : IDisposable
{
    private const string SocketVariable = "NOTIFY_SOCKET";
    private const string WatchdogVariable = "WATCHDOG_USEC";
    private const string WatchdogPidVariable = "WATCHDOG_PID";

    private readonly Socket? _socket;
    private readonly UnixDomainSocketEndPoint? _address;

    private ServiceNotifier(UnixDomainSocketEndPoint? address, TimeSpan? watchdog)
    {
        _address = address;
        WatchdogTimeout = watchdog;
        if (address is not null)
            _socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { SendTimeout = 1000 };
    }

    /// <summary>How long the manager waits for a sign of life before it restarts the service; null when it doesn't watch.</summary>
    public TimeSpan? WatchdogTimeout { get; }

    /// <summary>Reads the variables; <paramref name="read"/> stands for the process's environment.</summary>
    public static ServiceNotifier FromEnvironment(Func<string, string?> read) =>
        new(ParseAddress(read(SocketVariable)), ReadWatchdog(read));

    /// <summary>Start-up is over.</summary>
    public void Ready() => Send("READY=1");

    /// <summary>The agent has begun to stop; it may take up to <paramref name="limit"/> more.</summary>
    public void Stopping(TimeSpan limit) =>
        Send(string.Create(CultureInfo.InvariantCulture, $"STOPPING=1\nEXTEND_TIMEOUT_USEC={limit.TotalMicroseconds:F0}"));

    /// <summary>One line for <c>systemctl status</c>.</summary>
    public void Status(string line) => Send("STATUS=" + line.ReplaceLineEndings(" "));

    /// <summary>A sign of life.</summary>
    public void KickWatchdog() => Send("WATCHDOG=1");

    public void Dispose() => _socket?.Dispose();

    private void Send(string message)
    {
        try
        {
            _socket?.SendTo(Encoding.UTF8.GetBytes(message), _address!);
        }
        catch (SocketException)
        {
            // The manager may be restarting; nothing here could help it.
        }
    }

    private static TimeSpan? ReadWatchdog(Func<string, string?> read)
    {
        // WATCHDOG_PID names the process that is watched: a child that inherited the variables is not.
        string? pid = read(WatchdogPidVariable);
        if (!string.IsNullOrEmpty(pid) && pid != Environment.ProcessId.ToString(CultureInfo.InvariantCulture))
            return null;
        return long.TryParse(read(WatchdogVariable), NumberStyles.None, CultureInfo.InvariantCulture, out long microseconds) && microseconds > 0
            ? TimeSpan.FromMicroseconds(microseconds)
            : null;
    }

    // A path, or behind "@" a name in the abstract namespace.
    private static UnixDomainSocketEndPoint? ParseAddress(string? value) => value switch
    {
        ['/', ..] => new UnixDomainSocketEndPoint(value),
        ['@', _, ..] => new UnixDomainSocketEndPoint("\0" + value[1..]),
        _ => null,
    };
}
