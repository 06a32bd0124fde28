using System.Security.Cryptography;
using Recorder.Agent.Pipeline;

namespace Recorder.Agent.Tests.Pipeline;

public sealed class SlabQueueTests
{
    [Fact]
    public void TryRead_RecordsOfManySizes_ComeInOrderAndWhole()
    {
        using SlabQueue queue = new(2);
        Random sizes = new(7);
        const int Count = 20_000;
        using IncrementalHash written = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using IncrementalHash read = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Thread writer = new(() =>
        {
            byte[] head = new byte[64];
            byte[] payload = new byte[40_000];
            for (int i = 0; i < Count; i++)
            {
                sizes.NextBytes(head);
                Span<byte> body = payload.AsSpan(0, sizes.Next(i % 50 == 0 ? payload.Length : 200));
                sizes.NextBytes(body);
                written.AppendData(head);
                written.AppendData(body);
                queue.Write(head, body, CancellationToken.None);
            }

            queue.Complete();
        });
        writer.Start();

        int records = 0;
        while (!queue.IsDrained)
        {
            while (queue.TryRead(out ReadOnlySpan<byte> record))
            {
                read.AppendData(record);
                records++;
            }

            queue.Wait(TimeSpan.FromSeconds(1));
        }

        writer.Join();
        records.ShouldBe(Count);
        read.GetHashAndReset().ShouldBe(written.GetHashAndReset());
    }

    [Fact]
    public void Write_AllSlabsFull_WaitsUntilCancelledAndLosesNothing()
    {
        using SlabQueue queue = new(2);
        using CancellationTokenSource stop = new();
        byte[] record = new byte[SlabQueue.SlabBytes / 4];
        int written = 0;
        Thread writer = new(() =>
        {
            try
            {
                while (true)
                {
                    queue.Write(record, [], stop.Token);
                    Interlocked.Increment(ref written);
                }
            }
            catch (OperationCanceledException)
            {
                // As the test wants.
            }
        });
        writer.Start();
        SpinWait.SpinUntil(() => queue.Stalls > 0, TimeSpan.FromSeconds(30)).ShouldBeTrue();
        stop.Cancel();
        writer.Join();

        int read = 0;
        while (queue.TryRead(out _))
            read++;
        read.ShouldBe(written);
        queue.Stalls.ShouldBe(1);
    }

    [Fact]
    public void Write_OnceSlabsAreMade_AllocatesNothing()
    {
        using SlabQueue queue = new(2);
        byte[] head = new byte[64];
        byte[] payload = new byte[4096];
        for (int i = 0; i < 1000; i++)
            Pass(queue, head, payload);

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 10_000; i++)
            Pass(queue, head, payload);

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    [Fact]
    public void Write_RecordLargerThanASlab_IsRefused()
    {
        using SlabQueue queue = new(2);

        Should.Throw<ArgumentOutOfRangeException>(() => queue.Write(new byte[64], new byte[SlabQueue.SlabBytes], CancellationToken.None));
    }

    private static void Pass(SlabQueue queue, byte[] head, byte[] payload)
    {
        queue.Write(head, payload, CancellationToken.None);
        queue.TryRead(out ReadOnlySpan<byte> record).ShouldBeTrue();
        if (record.Length != head.Length + payload.Length)
            throw new InvalidDataException("A record changed its length.");
    }
}
