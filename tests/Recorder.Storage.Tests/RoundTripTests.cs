using System.Buffers;
using System.Security.Cryptography;
using Recorder.Wire;

namespace Recorder.Storage.Tests;

public sealed class RoundTripTests(StoreFixture fixture) : StoreTests(fixture)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Frames_OfEveryType_AreRebuiltByteForByte()
    {
        Guid id = Guid.CreateVersion7();
        byte[] large = RandomNumberGenerator.GetBytes(WireLimits.Data);
        var node = new NodeLog();
        Batch batch = node.Session(id)
            .Data(id, StreamId.In, 0, [0]).Data(id, StreamId.Out, ulong.MaxValue - (uint)large.Length, large)
            .Add(id, (o, s, t, u) => new DataFrame(StreamId.Err, 1UL << 40, DataFlags.IoUring | DataFlags.BeforeStart, [1, 2]).Write(o, s, t, u))
            .Gap(id, StreamId.Out, 5, null, GapReason.OpenLate).Gap(id, StreamId.Out, 5, 1UL << 33, GapReason.Policy)
            .StreamEnd(id, StreamId.Out, 1UL << 50, StreamEndCause.Hangup)
            .Add(id, new ResizeFrame(132, 50).Write)
            .Add(id, new ForkFrame(uint.MaxValue, ulong.MaxValue, 1, 2, 3).Write)
            .Add(id, new ExecFrame { Pid = 1, Start = 2, Exe = Text.FromBytes([0xff]), Argv = ["a", "", "ü"], CapEffective = ulong.MaxValue, Late = true }.Write)
            .Add(id, new ExitFrame(1, 2, -1, null, true).Write)
            .Add(id, (o, s, t, u) => new ConnectFrame { Pid = 1, Start = 2, Socket = 3, Family = 1, Protocol = 0, Address = "/run/\0x"u8, Port = 0, Result = 2 }.Write(o, s, t, u))
            .Add(id, (o, s, t, u) => new ConnectFrame { Pid = 1, Start = 2, Socket = 3, Family = 10, Protocol = 17, Address = new byte[16], Port = 53, Result = 0 }.Write(o, s, t, u))
            .SessionEnd(id, SessionEndCause.NotObserved, null)
            .Add(id, Ancillary)
            .Add(id, DataWithMoreElements)
            .Cut();
        Batch origin = node.Add(node.Origin, new NodeFrame { Sessions = 1, Counters = new Dictionary<string, ulong> { ["x"] = 1 } }.Write)
            .Add(node.Origin, new ProbesFrame { Count = 1 }.Write).Add(node.Origin, new UnrecordableFrame { Reason = "kata" }.Write).Cut();
        await Fixture.Store.Writer.WriteAsync([batch, origin], Cancellation);
        (await CanonicalAsync(id)).ShouldBe(batch.Sections.Single().Frames.ToArray());
        (await CanonicalAsync(node.Origin)).ShouldBe(origin.Sections.Single().Frames.ToArray());
    }

    [Fact]
    public async Task Batches_HeaderAndHeads_AreKeptForProofs()
    {
        Guid id = Guid.CreateVersion7();
        var node = new NodeLog();
        Batch first = node.Session(id).Cut(), second = node.Data(id, StreamId.Out, 0, "x").Add(node.Origin, new NodeFrame().Write).Cut();
        await Fixture.Store.Writer.WriteAsync([first, second], Cancellation);
        var rows = await Fixture.Store.Client.ListAsync(
            "SELECT hash, previous, header, subjects, previous_heads FROM batches WHERE epoch = {epoch:UUID} ORDER BY number",
            new QueryParameters().Add("epoch", node.Epoch), ReadRow, Cancellation);
        rows.Select(row => row.Hash).ShouldBe([first.Hash, second.Hash]);
        rows[1].Previous.ShouldBe(first.Hash);
        rows[1].Subjects.ShouldBe([id, node.Origin]);
        rows[1].Heads.ShouldBe(second.Sections.Select(section => section.PreviousHead));
        BatchHash.Batch(rows[1].Header, [.. second.Sections.Select(section => section.Head)]).ShouldBe(second.Hash);
    }

    [Fact]
    public async Task MessagePackRows_OurWriter_IsReadByClickHouse()
    {
        Guid[] ids = [Guid.NewGuid(), Guid.Empty, Guid.CreateVersion7()];
        ulong[] numbers = [0, 127, 128, 255, 256, 65535, 65536, uint.MaxValue, 1UL << 32, ulong.MaxValue];
        long[] signed = [-1, -32, -33, -128, -129, -32768, -32769, int.MinValue, long.MinValue, long.MaxValue];
        var output = new ArrayBufferWriter<byte>();
        for (int i = 0; i < numbers.Length; i++) WriteRow(output, ids[i % 3], numbers[i], signed[i], new string('ü', i * 20));
        await Fixture.Store.Client.ExecuteAsync(
            "CREATE TABLE IF NOT EXISTS conformance (id UUID, n UInt64, s Int64, text String, b Bool, nothing Nullable(UInt8)) ENGINE = MergeTree ORDER BY n",
            Cancellation);
        await PostAsync("INSERT INTO conformance FORMAT MsgPack", output.WrittenMemory);
        var rows = await Fixture.Store.Client.ListAsync(
            "SELECT id, n, s, text, b, nothing FROM conformance ORDER BY n", null,
            (ref RowReader row) => (Id: row.Uuid(), Number: row.UInt64(), Signed: row.Int64(), Text: row.Text(), Bool: row.Bool(), Null: row.Bool()), Cancellation);
        rows.ShouldBe(numbers.Select((number, i) => (ids[i % 3], number, signed[i], new string('ü', i * 20), true, true)));
    }

    private static void WriteRow(ArrayBufferWriter<byte> output, Guid id, ulong number, long signed, string text)
    {
        var writer = new MessagePackWriter(output);
        writer.WriteUuid(id);
        writer.WriteUInt64(number);
        writer.WriteInt64(signed);
        writer.WriteString(text);
        writer.WriteBoolean(true);
        writer.WriteNil();
        writer.Flush();
    }

    private async Task PostAsync(string insert, ReadOnlyMemory<byte> body)
    {
        StoreOptions options = Fixture.Store.Client.Options;
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(options.Endpoint, $"?database=recorder&query={Uri.EscapeDataString(insert)}"));
        request.Headers.Add("X-ClickHouse-User", options.User);
        request.Headers.Add("X-ClickHouse-Key", options.Password);
        request.Content = new ReadOnlyMemoryContent(body);
        using HttpResponseMessage response = await http.SendAsync(request, Cancellation);
        string answer = await response.Content.ReadAsStringAsync(Cancellation);
        response.IsSuccessStatusCode.ShouldBeTrue(answer);
    }

    private async Task<byte[]> CanonicalAsync(Guid subject)
    {
        var output = new ArrayBufferWriter<byte>();
        await foreach (StoredFrame frame in Fixture.Store.Sessions.FramesAsync(subject, new FrameFilter(), Cancellation)) frame.ToCanonical(output);
        return output.WrittenSpan.ToArray();
    }

    private static void Ancillary(IBufferWriter<byte> output, ulong seq, ulong time, Guid subject)
    {
        MessagePackWriter writer = Begin(output, 200, 3, seq, time, subject);
        writer.WriteString("later");
        writer.WriteArrayHeader(2);
        writer.WriteInt64(-70000);
        writer.WriteDouble(1.5);
        writer.WriteNil();
        writer.Flush();
    }

    private static void DataWithMoreElements(IBufferWriter<byte> output, ulong seq, ulong time, Guid subject)
    {
        MessagePackWriter writer = Begin(output, 2, 16, seq, time, subject);
        writer.WriteUInt64(0);
        writer.WriteUInt64(300);
        writer.WriteUInt64(0);
        writer.WriteBinary("bytes"u8);
        for (int i = 0; i < 12; i++) writer.WriteString("more");
        writer.Flush();
    }

    private static MessagePackWriter Begin(IBufferWriter<byte> output, ulong type, int body, ulong seq, ulong time, Guid subject)
    {
        var writer = new MessagePackWriter(output);
        writer.WriteArrayHeader(4 + body);
        writer.WriteUInt64(type);
        writer.WriteUInt64(seq);
        writer.WriteUInt64(time);
        writer.WriteUuid(subject);
        return writer;
    }

    private static (Digest Hash, Digest Previous, byte[] Header, Guid[] Subjects, Digest[] Heads) ReadRow(ref RowReader row)
    {
        byte[] hash = row.Fixed(32), previous = row.Fixed(32), header = row.Bytes().ToArray();
        var subjects = new Guid[row.Count()];
        for (int i = 0; i < subjects.Length; i++) subjects[i] = row.Uuid();
        var heads = new byte[row.Count()][];
        for (int i = 0; i < heads.Length; i++) heads[i] = row.Fixed(32);
        return row.IsShort ? default : (new Digest(hash), new Digest(previous), header, subjects, [.. heads.Select(head => new Digest(head))]);
    }
}
