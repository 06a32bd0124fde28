using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Recorder.Wire;

namespace Recorder.Agent.Uplink;

/// <summary>One connection to a collector, from HELLO on. Sends come from one task, reads from one other.</summary>
internal sealed class CollectorConnection : IAsyncDisposable
{
    private readonly Socket _socket;
    private readonly NetworkStream _stream;
    private readonly PipeReader _input;
    private readonly PipeWriter _output;

    private CollectorConnection(Socket socket)
    {
        _socket = socket;
        _stream = new NetworkStream(socket, ownsSocket: true);
        _input = PipeReader.Create(_stream, new StreamPipeReaderOptions(leaveOpen: true));
        _output = PipeWriter.Create(_stream, new StreamPipeWriterOptions(leaveOpen: true));
    }

    /// <summary>Connects and greets.</summary>
    /// <exception cref="SocketException">Nobody is there.</exception>
    /// <exception cref="OperationCanceledException">Cancelled, or nothing was answered in time.</exception>
    /// <exception cref="CollectorRefusedException">The collector does not want this agent.</exception>
    public static async Task<(CollectorConnection Connection, Welcome Welcome)> OpenAsync(
        DnsEndPoint collector, Hello hello, CancellationToken cancellation)
    {
        Socket socket = await ConnectAsync(collector, cancellation);
        CollectorConnection connection = new(socket);
        try
        {
            return (connection, await connection.GreetAsync(hello, cancellation));
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public async Task SendAsync(Message message, CancellationToken cancellation)
    {
        MessageFraming.Write(_output, message);
        await FlushAsync(cancellation);
    }

    public async Task SendAsync(QueuedBatch batch, CancellationToken cancellation)
    {
        MessageFraming.WriteBatch(_output, batch.Bytes);
        await FlushAsync(cancellation);
    }

    /// <summary>The next message.</summary>
    /// <exception cref="EndOfStreamException">The collector closed.</exception>
    /// <exception cref="CollectorRefusedException">It was REFUSE.</exception>
    /// <exception cref="WireFormatException">It was no message.</exception>
    public async ValueTask<Message> ReadAsync(CancellationToken cancellation)
    {
        Message? message = await MessageFraming.ReadAsync(_input, cancellation);
        return message switch
        {
            null => throw new EndOfStreamException("the collector closed the connection"),
            Refuse refuse => throw new CollectorRefusedException(refuse.Code, refuse.Reason),
            _ => message,
        };
    }

    public async ValueTask DisposeAsync()
    {
        await _input.CompleteAsync();
        // What is still in the writer belongs to a connection that is over: completing it with an error keeps it from being flushed.
        await _output.CompleteAsync(new OperationCanceledException());
        await _stream.DisposeAsync();
        _socket.Dispose();
    }

    private static async Task<Socket> ConnectAsync(DnsEndPoint collector, CancellationToken cancellation)
    {
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(collector, cancellation);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task<Welcome> GreetAsync(Hello hello, CancellationToken cancellation)
    {
        await SendAsync(hello, cancellation);
        Message answer = await ReadAsync(cancellation);
        if (answer is not Welcome welcome)
            throw new CollectorProtocolException($"{answer.Kind} came instead of WELCOME");
        return welcome.Version is >= WireLimits.OldestVersion and <= WireLimits.Version
            ? welcome
            : throw new CollectorProtocolException(
                $"WELCOME chose version {welcome.Version}; this agent speaks {WireLimits.OldestVersion} to {WireLimits.Version}");
    }

    private async Task FlushAsync(CancellationToken cancellation)
    {
        FlushResult result = await _output.FlushAsync(cancellation);
        if (result.IsCompleted)
            throw new EndOfStreamException("the collector closed the connection");
    }
}
