using System.Net.Sockets;
using System.Threading.Channels;

namespace Recorder.Collector.Ingest;

/// <summary>
/// What goes out on a connection. Acknowledgements overwrite each other, replies are few and their asker waits for room: a peer that
/// doesn't read holds up its own connection and no memory beyond that.
/// </summary>
internal sealed class MessageSender(Stream stream, Func<ulong, ReadOnlyMemory<byte>> encodeAck)
{
    private const int RepliesAtMost = 16;
    private static readonly ReadOnlyMemory<byte> Wake = ReadOnlyMemory<byte>.Empty;
    private readonly Channel<ReadOnlyMemory<byte>> _replies = Channel.CreateBounded<ReadOnlyMemory<byte>>(RepliesAtMost);
    private ulong _acknowledged;

    /// <summary>Sets the highest durable sequence; sent as soon as the peer takes it.</summary>
    public void Acknowledge(ulong seq)
    {
        ulong seen = Volatile.Read(ref _acknowledged);
        while (seq > seen)
        {
            ulong before = Interlocked.CompareExchange(ref _acknowledged, seq, seen);
            if (before == seen) break;
            seen = before;
        }

        // A full channel needs no waking: whoever empties it looks at the acknowledgement too.
        _replies.Writer.TryWrite(Wake);
    }

    /// <summary>Sends a whole message, waiting for room.</summary>
    public async ValueTask ReplyAsync(ReadOnlyMemory<byte> message, CancellationToken cancellation)
    {
        try
        {
            await _replies.Writer.WriteAsync(message, cancellation);
        }
        catch (ChannelClosedException)
        {
            // The sending side failed; the reading side finds out by itself.
        }
    }

    /// <summary>Lets <see cref="RunAsync"/> end after what is queued.</summary>
    public void Complete() => _replies.Writer.TryComplete();

    /// <summary>Sends until <see cref="Complete"/>, or until the peer is gone.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        ulong sent = 0;
        try
        {
            while (await _replies.Reader.WaitToReadAsync(cancellation))
            {
                while (_replies.Reader.TryRead(out var reply))
                {
                    sent = await SendAckAsync(sent, cancellation);
                    if (!reply.IsEmpty) await stream.WriteAsync(reply, cancellation);
                }
            }
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The peer is gone or the connection is being closed: what isn't acknowledged comes again.
        }
        finally
        {
            _replies.Writer.TryComplete();
        }
    }

    private async ValueTask<ulong> SendAckAsync(ulong sent, CancellationToken cancellation)
    {
        ulong seq = Volatile.Read(ref _acknowledged);
        if (seq > sent) await stream.WriteAsync(encodeAck(seq), cancellation);
        return Math.Max(seq, sent);
    }
}
