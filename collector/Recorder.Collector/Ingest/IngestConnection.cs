using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Recorder.Storage;
using Recorder.Wire;

namespace Recorder.Collector.Ingest;

/// <summary>One agent's connection from accept to close: whatever goes wrong in it ends it with a reason and touches no other.</summary>
[SuppressMessage("Reliability", "CA1001", Justification = "RunAsync, called once for every connection, closes the stream at its end.")]
internal sealed class IngestConnection
{
    private static readonly TimeSpan RefusalLimit = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LastAcknowledgements = TimeSpan.FromSeconds(30);
    private readonly IngestConnectionFactory _shared;
    private readonly Socket _socket;
    private readonly NetworkStream _stream;
    private readonly MessageSender _sender;
    private readonly MessageReader _reader;
    private readonly PipeReader _pipe;
    private readonly string _peer;
    private IngestDialogue? _dialogue;

    public IngestConnection(Socket socket, IngestConnectionFactory shared)
    {
        _shared = shared;
        _socket = socket;
        _peer = (socket.RemoteEndPoint as IPEndPoint)?.ToString() ?? "unknown";
        _stream = new NetworkStream(socket, ownsSocket: true);
        _sender = new MessageSender(_stream, Acknowledgement);
        _pipe = PipeReader.Create(_stream, new StreamPipeReaderOptions(bufferSize: 64 << 10, leaveOpen: true));
        _reader = new MessageReader(_pipe, shared.Memory, shared.Time);
    }

    /// <summary>Serves the connection; never throws.</summary>
    /// <param name="refusal">Why not to serve it, or null.</param>
    /// <param name="stopping">Ends the reading; what was read is still settled and acknowledged.</param>
    public async Task RunAsync(RefusalException? refusal, CancellationToken stopping)
    {
        using var sending = new CancellationTokenSource();
        var sent = _sender.RunAsync(sending.Token);
        var outcome = await ServeAsync(refusal, stopping);
        if (outcome is not null) await SayAsync(outcome);
        _sender.Complete();
        await Task.WhenAny(sent, Task.Delay(RefusalLimit, _shared.Time, CancellationToken.None));
        if (outcome is not null) await LingerAsync();
        await sending.CancelAsync();
        await _stream.DisposeAsync();
        await sent;
        await _pipe.CompleteAsync();
        if (_dialogue is not null) await _dialogue.ReleaseAsync();
    }

    /// <returns>The refusal to be sent, or null when there is nothing to say or nobody to hear it.</returns>
    private async Task<RefusalException?> ServeAsync(RefusalException? refusal, CancellationToken stopping)
    {
        try
        {
            if (refusal is not null) throw refusal;
            _dialogue = await IngestDialogue.OpenAsync(_reader, _sender, _shared, stopping);
            await _dialogue.RunAsync(stopping);
            await DrainAsync(stopping);
            return null;
        }
        catch (Exception e)
        {
            return await ClassifyAsync(e, stopping);
        }
    }

    private async Task<RefusalException?> ClassifyAsync(Exception e, CancellationToken stopping)
    {
        switch (e)
        {
            case RefusalException refusal:
                return Noted(refusal);
            case WireFormatException format:
                return Noted(new RefusalException(format.Code, format.Message));
            case StoreException:
                return Noted(new RefusalException(RefuseCode.StoreUnavailable, "the store can't be reached; come back later"));
            case OperationCanceledException when stopping.IsCancellationRequested:
                await DrainAsync(CancellationToken.None);
                return new RefusalException(RefuseCode.ShuttingDown, "the collector is stopping; come back later");
            case OperationCanceledException when _dialogue?.Failure is { } failure:
                return Noted(failure);
            case OperationCanceledException:
                return Noted(new RefusalException(RefuseCode.Origin, "a newer connection writes this epoch"));
            case IOException or SocketException or TimeoutException:
                Log.ConnectionLost(_shared.Log, _peer, e.Message);
                return null;
            default:
                Log.ConnectionFailed(_shared.Log, e, _peer);
                return null;
        }
    }

    private RefusalException Noted(RefusalException refusal)
    {
        _shared.Metrics.Refused(refusal.Code);
        Log.ConnectionRefused(_shared.Log, _peer, refusal.Code, refusal.Message);
        return refusal;
    }

    /// <summary>Lets the peer have the acknowledgements of what it sent before it closed its side.</summary>
    private async Task DrainAsync(CancellationToken stopping)
    {
        if (_dialogue is null) return;
        using var limit = new CancellationTokenSource(LastAcknowledgements, _shared.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stopping);
        try
        {
            await _dialogue.DrainAsync(either.Token);
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            // The store is away; what isn't acknowledged comes again.
        }
    }

    private async Task SayAsync(RefusalException refusal)
    {
        using var limit = new CancellationTokenSource(RefusalLimit, _shared.Time);
        try
        {
            await _sender.ReplyAsync(Encode(new Refuse(refusal.Code, refusal.Message)), limit.Token);
        }
        catch (OperationCanceledException)
        {
            // The peer doesn't read: it will see the connection closed.
        }
    }

    /// <summary>
    /// Closes the sending side first and reads on for a moment: closing with unread input would reset the connection, and the
    /// reset may overtake the refusal.
    /// </summary>
    private async Task LingerAsync()
    {
        using var limit = new CancellationTokenSource(RefusalLimit, _shared.Time);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(64 << 10);
        try
        {
            _socket.Shutdown(SocketShutdown.Send);
            while (await _socket.ReceiveAsync(buffer, limit.Token) > 0)
            {
                // Thrown away.
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // Gone already, or still talking: close.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private ReadOnlyMemory<byte> Acknowledgement(ulong seq) => Encode(new Ack(_dialogue!.Epoch, seq));

    public static ReadOnlyMemory<byte> Encode(Message message)
    {
        var output = new ArrayBufferWriter<byte>();
        MessageFraming.Write(output, message);
        return output.WrittenMemory;
    }
}
