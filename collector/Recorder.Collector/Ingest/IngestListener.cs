using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Recorder.Collector.Configuration;
using Recorder.Collector.Diagnostics;

namespace Recorder.Collector.Ingest;

/// <summary>Accepts node agents. One connection's failure stays its own.</summary>
internal sealed class IngestListener(
    CollectorOptions options,
    IngestConnectionFactory connections,
    CollectorMetrics metrics,
    ILogger<IngestListener> log) : IDisposable
{
    private const int Backlog = 512;
    private static readonly TimeSpan AcceptPause = TimeSpan.FromMilliseconds(200);
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<IngestConnection, Task> _open = new();
    private Socket? _listening;
    private Task _accepting = Task.CompletedTask;

    /// <summary>Where it listens, or null before <see cref="Bind"/> and when switched off.</summary>
    public IPEndPoint? Address => (IPEndPoint?)_listening?.LocalEndPoint;

    /// <exception cref="SocketException">The address is in use or not ours.</exception>
    public void Bind()
    {
        if (options.Ingest is not { } address) return;
        _listening = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        _listening.Bind(address);
        _listening.Listen(Backlog);
    }

    public void Start()
    {
        if (_listening is { } socket) _accepting = AcceptAsync(socket);
    }

    /// <summary>Stops accepting and reading, waits until what was read is settled and told, then closes.</summary>
    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        _listening?.Dispose();
        await _accepting;
        await Task.WhenAll(_open.Values);
    }

    public void Dispose()
    {
        _listening?.Dispose();
        _stopping.Dispose();
    }

    private async Task AcceptAsync(Socket listening)
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                Begin(await listening.AcceptAsync(_stopping.Token));
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException || _stopping.IsCancellationRequested)
            {
                return;
            }
            catch (SocketException e)
            {
                // Out of descriptors, or the peer left while queued: neither is a reason to stop listening.
                Log.AcceptFailed(log, e.Message);
                await Task.Delay(AcceptPause);
            }
        }
    }

    private void Begin(Socket socket)
    {
        var connection = connections.Create(socket);
        var refusal = Refusal(socket);
        metrics.ConnectionOpened();
        var running = Task.Run(async () =>
        {
            try
            {
                await connection.RunAsync(refusal, _stopping.Token);
            }
            finally
            {
                metrics.ConnectionClosed();
                _open.TryRemove(connection, out _);
            }
        });
        _open[connection] = running;
        if (running.IsCompleted) _open.TryRemove(connection, out _);
    }

    private RefusalException? Refusal(Socket socket)
    {
        if (socket.RemoteEndPoint is not IPEndPoint peer || !IsLoopback(peer.Address))
            return new RefusalException(Wire.RefuseCode.NotLoopback, "without certificates only loopback peers are accepted");
        if (_open.Count >= options.IngestConnections)
            return new RefusalException(Wire.RefuseCode.ShuttingDown, $"{options.IngestConnections} connections are open, which is the limit; come back later");
        return null;
    }

    internal static bool IsLoopback(IPAddress address) =>
        IPAddress.IsLoopback(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);
}
