using System.Buffers;
using System.Security.Cryptography;

namespace Recorder.Wire.Tests;

public sealed class BatchTests
{
    private static readonly Guid A = new("0198a5f0-0000-7000-8000-00000000000a");
    private static readonly Guid B = new("0198a5f0-0000-7000-8000-00000000000b");

    [Fact]
    public void Cut_ReadBack_HasTheSameHeaderAndHash()
    {
        using var builder = NewBuilder();
        Add(builder, A, B, A, A);
        (Batch batch, BatchCut cut) = Cut(builder);
        batch.Header.ShouldBe(cut.Header);
        batch.Hash.ShouldBe(cut.Hash);
        batch.Bytes.Length.ShouldBe(cut.Size);
        batch.Header.FirstSeq.ShouldBe(1UL);
        batch.Header.LastSeq.ShouldBe(4UL);
        batch.Sections.Select(section => section.Subject).ShouldBe([A, B]);
        batch.Sections[0].FrameCount.ShouldBe(3);
        batch.Sections[0].FirstSeq.ShouldBe(1UL);
        batch.Sections[0].LastSeq.ShouldBe(4UL);
        builder.FrameCount.ShouldBe(0);
        builder.NextSeq.ShouldBe(5UL);
    }

    [Fact]
    public void Cut_Twice_ChainsBatchesAndHeads()
    {
        using var builder = NewBuilder();
        Add(builder, A, B);
        (Batch first, _) = Cut(builder);
        Add(builder, B, FrameSamples.Session);
        (Batch second, _) = Cut(builder);
        first.Header.Previous.ShouldBe(default);
        second.Header.Previous.ShouldBe(first.Hash);
        second.Header.Number.ShouldBe(1UL);
        second.Sections[0].PreviousHead.ShouldBe(first.Sections[1].Head);
        second.Sections[1].PreviousHead.ShouldBe(default);
    }

    [Fact]
    public void Forget_ASubject_StartsItsChainAnew()
    {
        using var builder = NewBuilder();
        Add(builder, A);
        Cut(builder);
        builder.Forget(A);
        Add(builder, A);
        Cut(builder).Batch.Sections[0].PreviousHead.ShouldBe(default);
    }

    [Fact]
    public void Hashes_ComputedByHand_AreThoseOfTheFormat()
    {
        using var builder = NewBuilder();
        Add(builder, A, B);
        Cut(builder);
        Add(builder, A, B);
        (Batch batch, _) = Cut(builder);
        byte[] header = MessagePackJson.Write(MessagePackJson.ReadAll(batch.Bytes.Span)[0]![0]!.DeepClone());
        byte[][] leaves = [.. batch.Sections.Select(section => SHA256.HashData(
        [
            0, .. section.Subject.ToByteArray(bigEndian: true), .. section.PreviousHead.ToArray(), .. SHA256.HashData(section.Frames.Span),
        ]))];
        byte[] root = SHA256.HashData([1, .. leaves[0], .. leaves[1]]);
        batch.Hash.ToArray().ShouldBe(SHA256.HashData([.. header, .. root]));
        batch.Sections[1].Head.ToArray().ShouldBe(leaves[1]);
    }

    [Fact]
    public void WallTime_BeforeAndAfterTheCut_IsRelativeToIt()
    {
        var header = new BatchHeader(A, B, 0, 1, 1, A, BootTime: 1_000, RealTime: 50_000, default);
        header.WallTime(400).ShouldBe(49_400);
        header.WallTime(1_700).ShouldBe(50_700);
    }

    [Fact]
    public void BeginFrame_NumberThatDoesNotContinue_IsABug()
    {
        using var builder = NewBuilder();
        Should.Throw<ArgumentOutOfRangeException>(() => builder.BeginFrame(2, A));
        Add(builder, A);
        Should.Throw<ArgumentOutOfRangeException>(() => builder.BeginFrame(1, A));
    }

    [Fact]
    public void BeginFrame_NotEnded_LeavesNothing()
    {
        using var builder = NewBuilder();
        builder.BeginFrame(1, B).Write("rubbish"u8);
        Add(builder, A);
        builder.BeginFrame(2, A).Write("rubbish"u8);
        (Batch batch, _) = Cut(builder);
        batch.Sections.Count.ShouldBe(1);
        batch.Sections[0].FrameCount.ShouldBe(1);
        Should.Throw<InvalidOperationException>(() => builder.EndFrame());
    }

    [Fact]
    public void EndFrame_AboveTheLimits_DropsTheFrameAndKeepsTheRest()
    {
        using var builder = NewBuilder();
        Should.Throw<InvalidOperationException>(() => builder.Append(1, A, new byte[WireLimits.Frame + 1]));
        builder.FrameCount.ShouldBe(0);
        byte[] frame = Opaque(WireLimits.Frame - 64);
        while (builder.Fits(frame.Length))
            builder.Append(builder.NextSeq, A, frame = Opaque(WireLimits.Frame - 64, builder.NextSeq));
        Should.Throw<InvalidOperationException>(() => builder.Append(builder.NextSeq, B, frame));
        int size = builder.Size;
        (Batch batch, BatchCut cut) = Cut(builder);
        cut.Size.ShouldBeLessThanOrEqualTo(size);
        cut.Size.ShouldBeLessThanOrEqualTo(WireLimits.Batch);
        batch.Sections[0].FrameCount.ShouldBe(8);
    }

    [Fact]
    public void Cut_WithoutFrames_IsABug()
    {
        using var builder = NewBuilder();
        Should.Throw<InvalidOperationException>(() => Cut(builder));
    }

    [Fact]
    public void Cut_SizeIsNeverAboveTheEstimate()
    {
        var random = new RandomFrames(6);
        using var builder = NewBuilder();
        for (int i = 0; i < 300; i++)
        {
            Guid subject = new(i % 40, 0, 0, new byte[8]);
            random.Write(builder.BeginFrame(builder.NextSeq, subject), builder.NextSeq, subject);
            builder.EndFrame();
        }

        int estimate = builder.Size;
        (Batch batch, BatchCut cut) = Cut(builder);
        cut.Size.ShouldBeLessThanOrEqualTo(estimate);
        batch.Sections.Count.ShouldBe(40);
    }

    internal static BatchBuilder NewBuilder() => new(FrameSamples.Origin, MessageSamples.Epoch, MessageSamples.BootId);

    internal static void Add(BatchBuilder builder, params Guid[] subjects)
    {
        foreach (Guid subject in subjects)
        {
            ulong seq = builder.NextSeq;
            new ResizeFrame(80, 24).Write(builder.BeginFrame(seq, subject), seq, seq, subject);
            builder.EndFrame();
        }
    }

    internal static (Batch Batch, BatchCut Cut) Cut(BatchBuilder builder)
    {
        using var buffer = new PooledBuffer();
        BatchCut cut = builder.Cut(1_000, 2_000, buffer);
        return (Batch.Read(buffer.WrittenSpan.ToArray()), cut);
    }

    private static byte[] Opaque(int size, ulong seq = 1)
    {
        using var buffer = new PooledBuffer();
        byte[] body = MessagePackJson.Write(new System.Text.Json.Nodes.JsonObject { ["$bin"] = new string('0', 2 * (size - 64)) });
        new OpaqueFrame((FrameType)200, 1, body).Write(buffer, seq, 0, A);
        return buffer.WrittenSpan.ToArray();
    }
}
