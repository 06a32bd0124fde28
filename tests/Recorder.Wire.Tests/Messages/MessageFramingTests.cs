using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Text.Json.Nodes;

namespace Recorder.Wire.Tests;

public sealed class MessageFramingTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ReadAsync_ByteByByte_GivesEveryMessage()
    {
        Message[] messages = [new Ping(1), new Ack(MessageSamples.Epoch, 7), new BatchMessage(new byte[70_000]), new Refuse(RefuseCode.Conflict, "no")];
        using var bytes = new PooledBuffer();
        foreach (Message message in messages)
            MessageFraming.Write(bytes, message);
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 0));
        Task writing = WriteSlowly(pipe.Writer, bytes.WrittenSpan.ToArray());
        foreach (Message message in messages)
        {
            Message? read = await MessageFraming.ReadAsync(pipe.Reader, Cancellation);
            Encode(read!).ShouldBe(Encode(message));
        }

        (await MessageFraming.ReadAsync(pipe.Reader, Cancellation)).ShouldBeNull();
        await writing;
    }

    [Fact]
    public async Task ReadAsync_ClosedInTheMiddle_IsAnEndOfStream()
    {
        using var bytes = new PooledBuffer();
        MessageFraming.Write(bytes, new Ping(ulong.MaxValue));
        foreach (int length in new[] { 1, 4, 5, bytes.Length - 1 })
        {
            PipeReader reader = PipeReader.Create(new ReadOnlySequence<byte>(bytes.WrittenSpan[..length].ToArray()));
            await Should.ThrowAsync<EndOfStreamException>(async () => await MessageFraming.ReadAsync(reader, Cancellation));
        }
    }

    [Theory]
    [InlineData(0u, RefuseCode.Malformed)]
    [InlineData(16u * 1024 * 1024 + 1, RefuseCode.MessageTooLarge)]
    [InlineData(uint.MaxValue, RefuseCode.MessageTooLarge)]
    public async Task ReadAsync_LengthOutsideOfTheLimits_IsRefusedAtOnce(uint length, string code)
    {
        var pipe = new Pipe();
        BinaryPrimitives.WriteUInt32BigEndian(pipe.Writer.GetSpan(4), length);
        pipe.Writer.Advance(4);
        await pipe.Writer.FlushAsync(Cancellation);
        var error = await Should.ThrowAsync<WireFormatException>(async () => await MessageFraming.ReadAsync(pipe.Reader, Cancellation));
        error.Code.ShouldBe(code);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("[0]")]
    [InlineData("[10, 1]")]
    [InlineData("[300, 1]")]
    [InlineData("[8]")]
    [InlineData("[8, \"1\"]")]
    [InlineData("[1, 1, 1, {}, U, U]")]
    [InlineData("[1, 1, 1, {\"id\": U, \"boot_id\": null}, U, U]")]
    [InlineData("[4, U]")]
    [InlineData("[7, [[U, 1]]]")]
    [InlineData("[7, [[U, 1, [[3, 1]]]]]")]
    public void Read_ThatBreaksTheFormat_IsRefused(string json)
    {
        byte[] bytes = MessagePackJson.Write(JsonNode.Parse(WithUuids(json)));
        Should.Throw<WireFormatException>(() => Message.Read(bytes));
    }

    [Theory]
    [InlineData("[8, 1, \"a later version's\"]")]
    [InlineData("[2, 1, 2, 3, [4]]")]
    [InlineData("[1, 1, 9, {\"id\": U, \"boot_id\": U, \"later\": [1]}, U, null, 5]")]
    [InlineData("[7, [[U, 1, [[0, 1, 2]], 3]]]")]
    public void Read_WithMoreThanIsKnown_IsRead(string json) =>
        Message.Read(MessagePackJson.Write(JsonNode.Parse(WithUuids(json)))).ShouldNotBeNull();

    [Theory]
    [InlineData(4096, true)]
    [InlineData(4097, false)]
    public void Heads_OfManySubjects_UpToTheLimit(int count, bool accepted)
    {
        byte[] bytes = Encode(new Heads([.. Enumerable.Repeat(FrameSamples.Session, count)]));
        if (accepted)
            Message.Read(bytes).ShouldBeOfType<Heads>().Subjects.Count.ShouldBe(count);
        else
            Should.Throw<WireFormatException>(() => Message.Read(bytes));
    }

    [Fact]
    public void BatchMessage_LargestBatch_FitsAndOneByteMoreIsRefused()
    {
        byte[] largest = Encode(new BatchMessage(new byte[WireLimits.Batch]));
        Message.Read(largest).ShouldBeOfType<BatchMessage>().Batch.Length.ShouldBe(WireLimits.Batch);
        byte[] larger = Encode(new BatchMessage(new byte[WireLimits.Batch + 1]));
        Should.Throw<WireFormatException>(() => Message.Read(larger)).Code.ShouldBe(RefuseCode.BatchTooLarge);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(65_535)]
    [InlineData(65_536)]
    public void WriteBatch_AnyLength_HasTheLengthOfItsMessage(int length)
    {
        using var framed = new PooledBuffer();
        MessageFraming.WriteBatch(framed, new byte[length]);
        byte[] message = Encode(new BatchMessage(new byte[length]));
        framed.WrittenSpan[4..].SequenceEqual(message).ShouldBeTrue();
        BinaryPrimitives.ReadUInt32BigEndian(framed.WrittenSpan).ShouldBe((uint)message.Length);
    }

    private static string WithUuids(string json) =>
        json.Replace("U", """{"$ext": [2, "0198a5f01c2d7e3f8a4b5c6d7e8f9a0b"]}""", StringComparison.Ordinal);

    private static byte[] Encode(Message message)
    {
        using var buffer = new PooledBuffer();
        message.Write(buffer);
        return buffer.WrittenSpan.ToArray();
    }

    private static async Task WriteSlowly(PipeWriter writer, byte[] bytes)
    {
        for (int i = 0; i < bytes.Length; i += i < 200 ? 1 : 977)
            await writer.WriteAsync(bytes.AsMemory(i, Math.Min(i < 200 ? 1 : 977, bytes.Length - i)), Cancellation);
        await writer.CompleteAsync();
    }
}
