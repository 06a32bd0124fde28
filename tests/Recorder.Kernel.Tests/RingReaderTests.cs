using Recorder.Kernel.Ring;

namespace Recorder.Kernel.Tests;

public sealed class RingReaderTests : IDisposable
{
    private const int Size = 64 * 1024;

    private readonly FakeRing _ring = new(Size);

    public void Dispose() => _ring.Dispose();

    [Fact]
    public void Drain_ManyTimesAroundTheRing_GivesEveryRecordOnceAndWhole()
    {
        var reader = new RingReader(_ring.Memory);
        var handler = new CheckingHandler();
        var random = new Random(1);
        var payload = new byte[9000];
        for (ulong written = 0; written < 20_000;)
        {
            int length = random.Next(random.Next(2) == 0 ? 40 : payload.Length);
            payload.AsSpan(0, length).Fill((byte)written);
            var e = new KernelEvent { Type = KernelEventType.Data, PayloadSize = (uint)length, Sequence = written, Length = (ulong)length };
            if (_ring.TryWrite(in e, payload.AsSpan(0, length)))
                written++;
            else
                reader.Drain(handler, random.Next(1, 50));
        }
        while (reader.Drain(handler, 100) > 0)
        {
        }

        handler.Next.ShouldBe(20_000UL);
        handler.Wrong.ShouldBe(0);
        reader.Unread.ShouldBe(0UL);
        _ring.Memory.Consumer.ShouldBeGreaterThan((ulong)Size * 100);
    }

    [Fact]
    public void Drain_BusyRecord_StopsBeforeItUntilItIsCommitted()
    {
        var reader = new RingReader(_ring.Memory);
        var handler = new RecordingHandler();
        ulong busy = _ring.Reserve(KernelEvent.Size);
        _ring.TryWrite(new KernelEvent { Type = KernelEventType.Exit, Sequence = 2 }, []);

        reader.Drain(handler, 10).ShouldBe(0);
        reader.IsDrained().ShouldBeTrue();
        _ring.Commit(busy);
        reader.IsDrained().ShouldBeFalse();
        reader.Drain(handler, 10).ShouldBe(2);

        handler.Records.Count.ShouldBe(2);
        reader.IsDrained().ShouldBeTrue();
    }

    [Fact]
    public void Drain_DiscardedRecord_IsSkipped()
    {
        var reader = new RingReader(_ring.Memory);
        var handler = new RecordingHandler();
        _ring.Commit(_ring.Reserve(200), discard: true);
        _ring.TryWrite(new KernelEvent { Type = KernelEventType.Exit, Sequence = 5 }, []);

        reader.Drain(handler, 10).ShouldBe(2);

        handler.Records.Single().Event.Sequence.ShouldBe(5UL);
        reader.Malformed.ShouldBe(0);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(KernelEvent.Size - 1, 0)]
    [InlineData(KernelEvent.Size, 1)]
    [InlineData(KernelEvent.Size + 8, uint.MaxValue)]
    public void Drain_RecordWithImpossibleSize_IsCountedAndSkipped(int length, uint payloadSize)
    {
        var reader = new RingReader(_ring.Memory);
        var handler = new RecordingHandler();
        ulong at = _ring.Reserve(length);
        var bytes = new byte[KernelEvent.Size];
        System.Runtime.InteropServices.MemoryMarshal.Write(bytes, new KernelEvent { PayloadSize = payloadSize });
        bytes.AsSpan(0, Math.Min(length, bytes.Length)).CopyTo(_ring.Bytes(at, length));
        _ring.Commit(at);
        _ring.TryWrite(new KernelEvent { Type = KernelEventType.Exit, Sequence = 5 }, []);

        reader.Drain(handler, 10).ShouldBe(2);

        reader.Malformed.ShouldBe(1);
        handler.Records.Single().Event.Sequence.ShouldBe(5UL);
    }

    [Fact]
    public void Drain_PayloadShorterThanTheRecord_GivesTheValidBytes()
    {
        var handler = new RecordingHandler();
        _ring.TryWrite(new KernelEvent { Type = KernelEventType.Data, PayloadSize = 3 }, [1, 2, 3, 0, 0, 0, 0, 0]);

        new RingReader(_ring.Memory).Drain(handler, 10);

        handler.Records.Single().Payload.ShouldBe([1, 2, 3]);
    }

    [Fact]
    public void Drain_PendingAndStart_AreToldBeforeTheHandler()
    {
        var order = new List<string>();
        var reader = new RingReader(_ring.Memory) { Beginning = () => order.Add("attach") };
        _ring.TryWrite(new KernelEvent { Type = KernelEventType.Pending }, []);
        _ring.TryWrite(new KernelEvent { Type = KernelEventType.Data }, []);
        _ring.TryWrite(new KernelEvent { Type = KernelEventType.Start }, []);

        reader.Drain(new RecordingHandler { Seen = e => order.Add(e.Type.ToString()) }, 10);

        order.ShouldBe(["attach", "Pending", "Data", "attach", "Start"]);
    }

    [Fact]
    public void Drain_HandlerRuns_ConsumerHasNotMovedYet()
    {
        _ring.TryWrite(new KernelEvent { Type = KernelEventType.Data, PayloadSize = 8 }, new byte[8]);
        ulong seen = ulong.MaxValue;

        new RingReader(_ring.Memory).Drain(new RecordingHandler { Seen = _ => seen = _ring.Memory.Consumer }, 10);

        seen.ShouldBe(0UL);
        _ring.Memory.Consumer.ShouldBe(80UL);
    }

    [Fact]
    public void Drain_ThousandsOfRecords_AllocatesNothing()
    {
        var reader = new RingReader(_ring.Memory);
        var handler = new CheckingHandler();
        var payload = new byte[100];
        ulong sequence = 0;
        Fill();
        reader.Drain(handler, int.MaxValue); // compiled and warm

        Fill();
        long before = GC.GetAllocatedBytesForCurrentThread();
        int read = reader.Drain(handler, int.MaxValue);
        bool drained = reader.IsDrained();
        reader.Idle(handler);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        read.ShouldBeGreaterThan(300);
        drained.ShouldBeTrue();
        allocated.ShouldBe(0);

        void Fill()
        {
            do
            {
                payload.AsSpan().Fill((byte)sequence);
            }
            while (_ring.TryWrite(
                new KernelEvent { Type = KernelEventType.Data, PayloadSize = 100, Length = 100, Sequence = sequence++ }, payload));
            sequence--;
        }
    }

    [Fact]
    public async Task Drain_WhileAnotherThreadWrites_GivesEveryRecordInOrder()
    {
        const ulong Records = 200_000;
        var reader = new RingReader(_ring.Memory);
        var handler = new CheckingHandler();
        Task writer = Task.Run(() => WriteAll(Records), TestContext.Current.CancellationToken);
        while (handler.Next < Records && !(writer.IsFaulted))
        {
            if (reader.Drain(handler, 1000) == 0)
                Thread.Yield();
        }
        await writer;

        handler.Wrong.ShouldBe(0);
    }

    private void WriteAll(ulong records)
    {
        var payload = new byte[256];
        for (ulong i = 0; i < records;)
        {
            int length = (int)(i % 256);
            payload.AsSpan(0, length).Fill((byte)i);
            if (_ring.TryWrite(
                new KernelEvent { Type = KernelEventType.Data, PayloadSize = (uint)length, Length = (ulong)length, Sequence = i },
                payload.AsSpan(0, length)))
            {
                i++;
            }
            else
            {
                Thread.Yield();
            }
        }
    }

    /// <summary>Checks that records come in order and are filled with their number; allocates nothing.</summary>
    private sealed class CheckingHandler : IKernelEventHandler
    {
        public ulong Next { get; private set; }

        public int Wrong { get; private set; }

        public void Handle(in KernelEvent e, ReadOnlySpan<byte> payload)
        {
            if (e.Sequence != Next || (ulong)payload.Length != e.Length || payload.ContainsAnyExcept((byte)Next))
                Wrong++;
            Next = e.Sequence + 1;
        }

        public void Idle()
        {
        }
    }
}
