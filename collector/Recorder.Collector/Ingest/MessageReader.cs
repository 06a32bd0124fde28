using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Runtime.InteropServices;
using Recorder.Wire;

namespace Recorder.Collector.Ingest;

/// <summary>
/// Cuts a byte stream into messages: 4 bytes of length, big-endian, then the message.
/// 1. The length is checked before anything is reserved for it.
/// 2. The budget is charged before the message is read, so that a full budget stops the reading.
/// 3. A message once begun must go on, and at a least rate: one that stalls would keep its share of the budget from the others.
/// </summary>
internal sealed class MessageReader(PipeReader pipe, MemoryBudget budget, TimeProvider time)
{
    private const int PrefixBytes = 4;

    private const int LeastBytesPerSecond = 16 << 10;

    /// <summary>A message of which nothing arrives for this long is given up.</summary>
    public static readonly TimeSpan StallLimit = TimeSpan.FromSeconds(10);

    /// <summary>Reads the next message; null at the end of the stream.</summary>
    /// <param name="limit">Largest message, in bytes.</param>
    /// <param name="idle">How long to wait for a message to begin.</param>
    /// <exception cref="RefusalException">The length is out of bounds, or the stream ended or stalled within a message.</exception>
    /// <exception cref="TimeoutException">Nothing began within <paramref name="idle"/>.</exception>
    public async ValueTask<ReceivedMessage?> ReadAsync(int limit, TimeSpan idle, CancellationToken cancellation)
    {
        if (await ReadLengthAsync(idle, cancellation) is not { } length) return null;
        if (length > (uint)limit) throw new RefusalException(RefuseCode.MessageTooLarge, $"a message of {length} bytes; the limit is {limit}");
        if (length == 0) throw new RefusalException(RefuseCode.Malformed, "a message of 0 bytes");

        long charged = await budget.AcquireAsync(length, cancellation);
        var message = new ReceivedMessage(ArrayPool<byte>.Shared.Rent((int)length), (int)length, budget, charged);
        try
        {
            await FillAsync(message, cancellation);
            return message;
        }
        catch
        {
            message.Dispose();
            throw;
        }
    }

    private async ValueTask<uint?> ReadLengthAsync(TimeSpan idle, CancellationToken cancellation)
    {
        var patience = idle;
        while (true)
        {
            var read = await ReadWithinAsync(patience, cancellation);
            if (read.Buffer.Length >= PrefixBytes)
            {
                uint length = Prefix(read.Buffer);
                pipe.AdvanceTo(read.Buffer.GetPosition(PrefixBytes));
                return length;
            }

            bool empty = read.Buffer.IsEmpty;
            pipe.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            if (read.IsCompleted) return empty ? null : throw Cut();
            if (!empty) patience = StallLimit;
        }
    }

    private async ValueTask FillAsync(ReceivedMessage message, CancellationToken cancellation)
    {
        var rest = MemoryMarshal.AsMemory(message.Bytes);
        long begun = time.GetTimestamp();
        var whole = StallLimit + TimeSpan.FromSeconds(rest.Length / LeastBytesPerSecond);
        while (!rest.IsEmpty)
        {
            ReadResult read;
            try
            {
                if (time.GetElapsedTime(begun) > whole) throw new TimeoutException();
                read = await ReadWithinAsync(StallLimit, cancellation);
            }
            catch (TimeoutException)
            {
                throw new RefusalException(RefuseCode.Malformed, $"a message stalled with {rest.Length} bytes missing");
            }

            var available = read.Buffer.Slice(0, Math.Min(read.Buffer.Length, rest.Length));
            available.CopyTo(rest.Span);
            rest = rest[(int)available.Length..];
            pipe.AdvanceTo(available.End);
            if (!rest.IsEmpty && read.IsCompleted) throw Cut();
        }
    }

    private async ValueTask<ReadResult> ReadWithinAsync(TimeSpan limit, CancellationToken cancellation)
    {
        using var deadline = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellation);
        try
        {
            return await pipe.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw new TimeoutException($"nothing arrived for {limit.TotalSeconds} s");
        }
    }

    private static uint Prefix(ReadOnlySequence<byte> buffer)
    {
        Span<byte> prefix = stackalloc byte[PrefixBytes];
        buffer.Slice(0, PrefixBytes).CopyTo(prefix);
        return BinaryPrimitives.ReadUInt32BigEndian(prefix);
    }

    private static RefusalException Cut() => new(RefuseCode.Malformed, "the stream ended within a message");
}
