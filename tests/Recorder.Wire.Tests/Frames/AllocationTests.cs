using System.Buffers;

namespace Recorder.Wire.Tests;

/// <summary>The hot path allocates nothing per frame, in any build.</summary>
public sealed class AllocationTests
{
    private const int Rounds = 1000;
    private static readonly byte[] Output = new byte[4096];

    [Fact]
    public void WriteFrames_IntoAWarmBuffer_AllocatesNothing()
    {
        using var buffer = new PooledBuffer();
        Allocated(() =>
        {
            buffer.Clear();
            WriteAll(buffer);
        }).ShouldBe(0);
    }

    [Fact]
    public void WriteExec_WithArguments_AllocatesNothing()
    {
        using var buffer = new PooledBuffer();
        Allocated(() =>
        {
            buffer.Clear();
            FrameSamples.FullExec.Write(buffer, 1, 2, FrameSamples.Session);
        }).ShouldBe(0);
    }

    [Fact]
    public void ReadFrames_OfStreamsAndProcesses_AllocatesNothing()
    {
        using var buffer = new PooledBuffer();
        WriteAll(buffer);
        Allocated(() =>
        {
            foreach (Frame frame in new FrameReader(buffer.WrittenSpan))
                frame.Check();
        }).ShouldBe(0);
    }

    [Fact]
    public void AddFrames_ToAWarmBatch_AllocatesNothing()
    {
        using var builder = BatchTests.NewBuilder();
        using var batch = new PooledBuffer();
        Fill(builder);
        builder.Cut(1, 1, batch);
        Fill(builder);
        builder.Cut(1, 1, batch);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Fill(builder);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    [Fact]
    public void CutABatch_OfAnySize_AllocatesItsHeaderOnly()
    {
        using var builder = BatchTests.NewBuilder();
        using var batch = new PooledBuffer();
        long allocated = 0;
        for (int i = 0; i < 5; i++)
        {
            Fill(builder);
            batch.Clear();
            long before = GC.GetAllocatedBytesForCurrentThread();
            builder.Cut(1, 1, batch);
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        allocated.ShouldBeLessThan(512);
    }

    private static void Fill(BatchBuilder builder)
    {
        for (int i = 0; i < Rounds; i++)
        {
            Guid subject = new(i % 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
            ulong seq = builder.NextSeq;
            new DataFrame(StreamId.Out, 0, DataFlags.None, Output.AsSpan(0, 100)).Write(builder.BeginFrame(seq, subject), seq, seq, subject);
            builder.EndFrame();
        }
    }

    private static void WriteAll(IBufferWriter<byte> buffer)
    {
        Guid subject = FrameSamples.Session;
        new DataFrame(StreamId.Out, 4096, DataFlags.None, Output).Write(buffer, 1, 2, subject);
        new GapFrame(StreamId.Out, 8192, null, GapReason.RingFull, GapPlace.Kernel, 1, 2).Write(buffer, 2, 2, subject);
        new StreamEndFrame(StreamId.Out, 8192, StreamEndCause.Eof).Write(buffer, 3, 2, subject);
        new SessionEndFrame(SessionEndCause.Closed, 0, null, 0).Write(buffer, 4, 2, subject);
        new ResizeFrame(80, 24).Write(buffer, 5, 2, subject);
        new ForkFrame(2, 2, 1, 1, 3).Write(buffer, 6, 2, subject);
        new ExitFrame(2, 2, 0, null, false).Write(buffer, 7, 2, subject);
    }

    private static long Allocated(Action action)
    {
        // Twice before: the first rents the buffer and runs static constructors.
        action();
        action();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < Rounds; i++)
            action();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
