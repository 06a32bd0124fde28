using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Recorder.Wire;

namespace Recorder.Collector.Tests.Fixtures;

/// <summary>An agent's end of the connection, that can also misbehave.</summary>
internal sealed class AgentConnection : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly TcpClient _client;
    private readonly PipeReader _pipe;

    private AgentConnection(TcpClient client)
    {
        _client = client;
        _pipe = PipeReader.Create(client.GetStream());
    }

    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public Socket Socket => _client.Client;

    public static async Task<AgentConnection> OpenAsync(IPEndPoint address)
    {
        var client = new TcpClient();
        await client.ConnectAsync(address, Cancellation);
        client.NoDelay = true;
        return new AgentConnection(client);
    }

    /// <summary>Connects, says HELLO and reads WELCOME.</summary>
    public static async Task<(AgentConnection Connection, Welcome Welcome)> JoinAsync(IPEndPoint address, SimulatedNode node)
    {
        var connection = await OpenAsync(address);
        await connection.SendAsync(node.Hello());
        return (connection, (await connection.ReceiveAsync()).ShouldBeOfType<Welcome>());
    }

    public static byte[] Encode(Message message)
    {
        var output = new ArrayBufferWriter<byte>();
        MessageFraming.Write(output, message);
        return output.WrittenSpan.ToArray();
    }

    public ValueTask SendAsync(Message message) => SendAsync(Encode(message));

    public ValueTask SendAsync(ReadOnlyMemory<byte> bytes) => _client.GetStream().WriteAsync(bytes, Cancellation);

    public ValueTask SendBatchAsync(byte[] batch) => SendAsync(new BatchMessage(batch));

    /// <summary>The next message that is not PING; null when the collector closed.</summary>
    public async Task<Message?> ReceiveAsync()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(Patience);
        try
        {
            while (true)
            {
                var message = await MessageFraming.ReadAsync(_pipe, limit.Token);
                if (message is not Ping) return message;
            }
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Waits until everything up to the sequence is acknowledged.</summary>
    public async Task AcknowledgedAsync(ulong seq)
    {
        while (true)
        {
            var message = await ReceiveAsync();
            message.ShouldBeOfType<Ack>();
            if (((Ack)message).Seq >= seq) return;
        }
    }

    public async Task<Refuse> RefusedAsync()
    {
        while (true)
        {
            var message = await ReceiveAsync();
            if (message is Ack) continue;
            return message.ShouldBeOfType<Refuse>();
        }
    }

    /// <summary>True if the collector says nothing for the time given.</summary>
    public async Task<bool> IsSilentAsync(TimeSpan time)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(time);
        try
        {
            var read = await _pipe.ReadAsync(limit.Token);
            _pipe.AdvanceTo(read.Buffer.Start, read.Buffer.Start);
            return false;
        }
        catch (OperationCanceledException)
        {
            return true;
        }
    }

    public void HalfClose() => _client.Client.Shutdown(SocketShutdown.Send);

    public async ValueTask DisposeAsync()
    {
        await _pipe.CompleteAsync();
        _client.Dispose();
    }
}
