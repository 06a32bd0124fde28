using System.Text.Json.Nodes;

namespace Recorder.Wire.Tests;

public sealed class BatchReaderTests
{
    private static readonly Guid A = new("0198a5f0-0000-7000-8000-00000000000a");
    private static readonly Guid B = new("0198a5f0-0000-7000-8000-00000000000b");

    [Fact]
    public void Read_NumbersOfTwoSubjectsThatMesh_IsAccepted()
    {
        Batch batch = Batch.Read(Encode(1, 5, (A, [1, 3, 5]), (B, [2, 4])));
        batch.Sections.Count.ShouldBe(2);
    }

    [Fact]
    public void Read_NumberMissing_IsRefused() => Refused(Encode(1, 4, (A, [1, 2, 4])));

    [Fact]
    public void Read_NumberInTwoSections_IsRefused() => Refused(Encode(1, 4, (A, [1, 2, 3]), (B, [2])));

    [Fact]
    public void Read_NumberOutsideOfTheHeader_IsRefused() => Refused(Encode(1, 3, (A, [1, 2, 4])));

    [Fact]
    public void Read_FirstNumberWrong_IsRefused() => Refused(Encode(2, 4, (A, [1, 2, 3])));

    [Fact]
    public void Read_FramesThatDescend_IsRefused() => Refused(Encode(1, 3, (A, [1, 3, 2])));

    [Fact]
    public void Read_SubjectTwice_IsRefused() => Refused(Encode(1, 2, (A, [1]), (A, [2])));

    [Fact]
    public void Read_SectionsNotInOrderOfOccurrence_IsRefused() => Refused(Encode(1, 2, (A, [2]), (B, [1])));

    [Fact]
    public void Read_EmptySection_IsRefused() => Refused(Encode(1, 1, (A, [1]), (B, [])));

    [Fact]
    public void Read_NoSections_IsRefused() => Refused(Encode(1, 1));

    [Fact]
    public void Read_NumberZero_IsRefused() => Refused(Encode(0, 1, (A, [1])));

    [Fact]
    public void Read_FrameOfAnotherSubject_IsRefused()
    {
        JsonArray batch = Values(Encode(1, 1, (A, [1])));
        batch[1]![0]![0] = Uuid(B);
        Refused(MessagePackJson.Write(batch));
    }

    [Fact]
    public void Read_BodyThatCannotBeRead_IsRefused()
    {
        JsonArray batch = Values(Encode(1, 1, (A, [1])));
        byte[] frame = MessagePackJson.Write(new JsonArray(2, 1, 0, Uuid(A), 9, 0, 0, new JsonObject { ["$bin"] = "61" }));
        batch[1]![0]![2] = new JsonObject { ["$bin"] = Convert.ToHexStringLower(frame) };
        Refused(MessagePackJson.Write(batch));
    }

    [Fact]
    public void Read_OtherLayoutVersion_IsRefusedAsVersion()
    {
        JsonArray batch = Values(Encode(1, 1, (A, [1])));
        batch[0]![0] = 2;
        Should.Throw<WireFormatException>(() => Batch.Read(MessagePackJson.Write(batch))).Code.ShouldBe(RefuseCode.Version);
    }

    [Fact]
    public void Read_MoreElementsThanAreKnown_IsAcceptedAndHashed()
    {
        byte[] plain = Encode(1, 1, (A, [1]));
        JsonArray batch = Values(plain);
        batch[0]!.AsArray().Add(new string('x', 2000));
        batch[1]![0]!.AsArray().Add(7);
        batch.Add(null);
        Batch read = Batch.Read(MessagePackJson.Write(batch));
        read.Sections[0].FrameCount.ShouldBe(1);
        read.Hash.ShouldNotBe(Batch.Read(plain).Hash);
    }

    [Fact]
    public void Read_BytesBehind_IsRefused() => Refused([.. Encode(1, 1, (A, [1])), 0xc0]);

    [Fact]
    public void Read_TooLarge_IsRefusedBeforeItIsRead() =>
        Should.Throw<WireFormatException>(() => Batch.Read(new byte[WireLimits.Batch + 1])).Code.ShouldBe(RefuseCode.BatchTooLarge);

    [Theory]
    [InlineData(65_536, null)]
    [InlineData(65_537, RefuseCode.BatchTooLarge)]
    public void Read_ManySections_UpToTheLimit(int count, string? code)
    {
        (Guid, ulong[])[] sections = [.. Enumerable.Range(1, count).Select(i => (new Guid(i, 0, 0, new byte[8]), new[] { (ulong)i }))];
        byte[] bytes = Encode(1, (ulong)count, sections);
        if (code is null)
            Batch.Read(bytes).Sections.Count.ShouldBe(count);
        else
            Should.Throw<WireFormatException>(() => Batch.Read(bytes)).Code.ShouldBe(code);
    }

    [Fact]
    public void Read_AnyByteChanged_IsRefusedOrHasAnotherHash()
    {
        byte[] bytes = Encode(1, 5, (A, [1, 3, 5]), (B, [2, 4]));
        Digest hash = Batch.Read(bytes).Hash;
        for (int i = 0; i < bytes.Length; i++)
        {
            byte[] changed = [.. bytes];
            changed[i] ^= 0x01;
            try
            {
                Batch.Read(changed).Hash.ShouldNotBe(hash, $"byte {i}");
            }
            catch (WireFormatException)
            {
            }
        }
    }

    private static void Refused(byte[] bytes) =>
        Should.Throw<WireFormatException>(() => Batch.Read(bytes)).Code.ShouldBe(RefuseCode.Malformed);

    private static JsonArray Values(byte[] bytes) => MessagePackJson.ReadAll(bytes)[0]!.DeepClone().AsArray();

    private static JsonObject Uuid(Guid id) => new() { ["$ext"] = new JsonArray(2, Convert.ToHexStringLower(id.ToByteArray(bigEndian: true))) };

    private static byte[] Encode(ulong first, ulong last, params (Guid Subject, ulong[] Seqs)[] sections)
    {
        using var buffer = new PooledBuffer();
        var writer = new MessagePackWriter(buffer);
        writer.WriteArrayHeader(2);
        new BatchHeader(FrameSamples.Origin, MessageSamples.Epoch, 0, first, last, MessageSamples.BootId, 1, 2, default).Write(ref writer);
        writer.WriteArrayHeader(sections.Length);
        foreach ((Guid subject, ulong[] seqs) in sections)
        {
            using var frames = new PooledBuffer();
            foreach (ulong seq in seqs)
                new ResizeFrame(80, 24).Write(frames, seq, seq, subject);
            writer.WriteArrayHeader(3);
            writer.WriteUuid(subject);
            writer.WriteDigest(default);
            writer.WriteBinary(frames.WrittenSpan);
        }

        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }
}
