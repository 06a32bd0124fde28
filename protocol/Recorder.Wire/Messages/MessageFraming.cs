using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;

namespace Recorder.Wire;

/// <summary>Messages on an ordered byte stream: a 4-byte big-endian length, then the message.</summary>
public static class MessageFraming
{
    private const int PrefixSize = 4;

    // What a BATCH message has before the batch's bytes: array header, kind, and a bin header of 2, 3 or 5 bytes.
    private const int BatchEnvelope = 2;

    /// <summary>Appends a message with its length.</summary>
    /// <exception cref="ArgumentException">It is larger than <see cref="WireLimits.Message"/>.</exception>
    public static void Write(IBufferWriter<byte> output, Message message)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(message);
        if (message is BatchMessage batch)
        {
            WriteBatch(output, batch.Batch.Span);
            return;
        }

        using var buffer = new PooledBuffer();
        message.Write(buffer);
        if (buffer.Length > WireLimits.Message)
            throw new ArgumentException($"A message of {buffer.Length} bytes is too large.", nameof(message));
        WritePrefix(output, buffer.Length);
        output.Write(buffer.WrittenSpan);
    }

    /// <summary>Appends a BATCH message with its length. The batch is copied once, into the output.</summary>
    public static void WriteBatch(IBufferWriter<byte> output, ReadOnlySpan<byte> batch)
    {
        ArgumentNullException.ThrowIfNull(output);
        int header = batch.Length switch { <= byte.MaxValue => 2, <= ushort.MaxValue => 3, _ => 5 };
        WritePrefix(output, BatchEnvelope + header + batch.Length);
        var writer = new MessagePackWriter(output);
        writer.WriteArrayHeader(2);
        writer.WriteUInt64((byte)MessageKind.Batch);
        writer.WriteBinary(batch);
        writer.Flush();
    }

    /// <summary>Takes one message off the front of what was received, if it is there as a whole.</summary>
    /// <param name="received">What was received; afterwards what follows the message.</param>
    /// <param name="message">The message without its length.</param>
    /// <exception cref="WireFormatException">The length is 0 or above the limit. Nothing is waited for or allocated.</exception>
    public static bool TryTake(ref ReadOnlySequence<byte> received, out ReadOnlySequence<byte> message)
    {
        message = default;
        if (received.Length < PrefixSize)
            return false;
        Span<byte> prefix = stackalloc byte[PrefixSize];
        received.Slice(0, PrefixSize).CopyTo(prefix);
        uint length = BinaryPrimitives.ReadUInt32BigEndian(prefix);
        if (length == 0)
            throw new WireFormatException(RefuseCode.Malformed, 0, "an empty message");
        if (length > WireLimits.Message)
            throw new WireFormatException(RefuseCode.MessageTooLarge, 0, $"a message of {length} bytes");
        if (received.Length < PrefixSize + length)
            return false;
        message = received.Slice(PrefixSize, length);
        received = received.Slice(message.End);
        return true;
    }

    /// <summary>Waits for one message. The pipe's buffers grow with what really arrives, at most to one message.</summary>
    /// <returns>The message, in memory of its own; null when the other side closed between two messages.</returns>
    /// <exception cref="WireFormatException">It is not a message of FORMAT.md.</exception>
    /// <exception cref="EndOfStreamException">The other side closed in the middle of a message.</exception>
    public static async ValueTask<Message?> ReadAsync(PipeReader input, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        while (true)
        {
            ReadResult result = await input.ReadAsync(cancellation).ConfigureAwait(false);
            ReadOnlySequence<byte> received = result.Buffer;
            if (TryTake(ref received, out ReadOnlySequence<byte> message))
            {
                byte[] bytes = message.ToArray();
                input.AdvanceTo(received.Start);
                return Message.Read(bytes);
            }

            bool empty = received.IsEmpty;
            input.AdvanceTo(received.Start, received.End);
            if (result.IsCanceled)
                throw new OperationCanceledException("The read was cancelled.");
            if (result.IsCompleted)
                return empty ? null : throw new EndOfStreamException("The connection closed in the middle of a message.");
        }
    }

    private static void WritePrefix(IBufferWriter<byte> output, int length)
    {
        BinaryPrimitives.WriteUInt32BigEndian(output.GetSpan(PrefixSize), (uint)length);
        output.Advance(PrefixSize);
    }
}
