using Recorder.Wire;

namespace Recorder.Storage.Tests;

public sealed class RowTests
{
    [Fact]
    public void Reader_CutAnywhere_IsShortAndNeverWrong()
    {
        using var writer = new RowWriter();
        Guid id = Guid.NewGuid();
        writer.Uuid(id);
        writer.Text("text");
        writer.NullableInt32(-5);
        writer.NullableUuid(null);
        writer.Length32(3);
        for (int i = 0; i < 3; i++) writer.Text(new string('x', i * 100));
        writer.UInt64(ulong.MaxValue);
        byte[] row = writer.Written.ToArray();
        for (int length = 0; length < row.Length; length++)
        {
            var cut = new RowReader(row.AsSpan(0, length));
            Read(ref cut);
            cut.IsShort.ShouldBeTrue();
        }
        var whole = new RowReader(row);
        Read(ref whole).ShouldBe((id, "text", -5, null, 3, ulong.MaxValue));
        (whole.IsShort, whole.Position).ShouldBe((false, row.Length));
    }

    [Fact]
    public void Append_ManyFrames_AllocatesNothing()
    {
        Guid id = Guid.CreateVersion7();
        var node = new NodeLog();
        for (int i = 0; i < 10_000; i++) node.Data(id, StreamId.Out, (ulong)i * 50, new byte[50]);
        Batch batch = node.Cut();
        using var rows = new RowWriter();
        byte[] hash = batch.Hash.ToArray();
        AppendAll(rows, batch, hash);
        rows.Clear();
        long before = GC.GetAllocatedBytesForCurrentThread();
        AppendAll(rows, batch, hash);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
        rows.Rows.ShouldBe(10_000);
    }

    [Theory]
    [InlineData(0, "1970-01-01T00:00:00.000000000Z")]
    [InlineData(1_700_000_000_123_456_789, "2023-11-14T22:13:20.123456789Z")]
    [InlineData(-1, "1969-12-31T23:59:59.999999999Z")]
    [InlineData(long.MaxValue, "2262-04-11T23:47:16.854775807Z")]
    [InlineData(long.MinValue, "1677-09-21T00:12:43.145224192Z")]
    public void ToRfc3339_AnyTime_HasNanoseconds(long time, string text) => UnixTime.ToRfc3339(time).ShouldBe(text);

    [Theory]
    [InlineData("http://user:pw@h/", "store.endpoint")]
    [InlineData("ftp://h/", "store.endpoint")]
    public void Validate_BadEndpoint_NamesTheKey(string endpoint, string key) =>
        Should.Throw<ArgumentException>(new StoreOptions { Endpoint = new Uri(endpoint) }.Validate).Message.ShouldContain(key);

    [Fact]
    public void Validate_BadValues_NameKeyValueAndWhatIsAllowed()
    {
        var good = new StoreOptions { Endpoint = new Uri("http://h:8123/") };
        good.Validate();
        (StoreOptions Options, string Key)[] bad =
        [
            (good with { Database = "a;b" }, "store.database"), (good with { Database = "1a" }, "store.database"),
            (good with { Cluster = "c'" }, "store.cluster"), (good with { Cluster = "" }, "store.cluster"), (good with { User = "" }, "store.user"),
            (good with { Retries = -1 }, "store.retries"), (good with { RequestTimeout = TimeSpan.Zero }, "store.request_timeout"),
            (good with { ConnectTimeout = TimeSpan.FromHours(1) }, "store.connect_timeout"), (good with { RetryDelay = TimeSpan.Zero }, "store.retry_delay"),
        ];
        foreach (var (options, key) in bad)
        {
            string message = Should.Throw<ArgumentException>(options.Validate).Message;
            message.ShouldContain(key);
            message.ShouldContain("allowed");
        }
    }

    private static void AppendAll(RowWriter rows, Batch batch, byte[] hash)
    {
        foreach (Frame frame in new FrameReader(batch.Sections[0].Frames.Span)) FrameRows.Append(rows, batch.Header, hash, frame);
    }

    private static (Guid, string, int?, Guid?, int, ulong) Read(ref RowReader row) =>
        (row.Uuid(), row.Text(), row.NullableInt32(), row.NullableUuid(), row.Texts().Length, row.UInt64());
}
