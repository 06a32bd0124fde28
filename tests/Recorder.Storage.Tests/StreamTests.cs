using System.Security.Cryptography;
using System.Text;
using Recorder.Wire;

namespace Recorder.Storage.Tests;

public sealed class StreamTests(StoreFixture fixture) : StoreTests(fixture)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private SessionQueries Sessions => Fixture.Store.Sessions;

    [Fact]
    public async Task Stream_HundredMegabytes_ReadsBackIdentical()
    {
        const int total = 100 << 20;
        Guid id = Guid.CreateVersion7();
        var node = new NodeLog();
        using var written = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await WriteAsync(node.Session(id));
        var random = new Random(7);
        for (int offset = 0; offset < total;)
        {
            for (int size = 0; size < 6 << 20 && offset < total;)
            {
                byte[] bytes = new byte[Math.Min(total - offset, random.Next(3) == 0 ? random.Next(1, 4096) : random.Next(64 << 10, WireLimits.Data))];
                random.NextBytes(bytes);
                written.AppendData(bytes);
                node.Data(id, StreamId.Out, (ulong)offset, bytes);
                offset += bytes.Length;
                size += bytes.Length;
            }
            await WriteAsync(node);
        }
        await WriteAsync(node.StreamEnd(id, StreamId.Out, total).StreamEnd(id, StreamId.In, 0).SessionEnd(id));
        (await Sessions.GetAsync(id, Cancellation))!.Verdict.ShouldBe(Verdict.Complete);
        using var read = new HashingStream();
        (await Sessions.StreamAsync(id, 1, 0, null, GapMode.Skip, read, Cancellation)).ShouldBe((ulong)total);
        read.Finish().ShouldBe(written.GetHashAndReset());
        ulong frames = 0, last = 0;
        await foreach (StoredFrame frame in Sessions.FramesAsync(id, new FrameFilter { Types = [2] }, Cancellation))
        {
            frame.Seq.ShouldBeGreaterThan(last);
            last = frame.Seq;
            frames += (ulong)frame.Data.Length;
        }
        frames.ShouldBe((ulong)total);
    }

    [Fact]
    public async Task Stream_WithGaps_SkipsOrFillsThem()
    {
        Guid id = Guid.CreateVersion7();
        // The second epoch tells what lies before: a policy gap, an unknown gap, a hole, and the end after another hole.
        var first = new NodeLog();
        await WriteAsync(first.Session(id).Data(id, StreamId.Out, 70, "late"));
        await WriteAsync(new NodeLog(first.Origin).Data(id, StreamId.Out, 0, "early").Gap(id, StreamId.Out, 5, 64, GapReason.Policy)
            .Gap(id, StreamId.Out, 69, null, GapReason.AgentDown).Data(id, StreamId.Out, 74, "st").StreamEnd(id, StreamId.Out, 80));
        (await ReadAsync(id, 0, null, GapMode.Skip)).ShouldBe("earlylatest");
        (await ReadAsync(id, 0, null, GapMode.Zero)).ShouldBe("early" + new string('\0', 65) + "latest" + new string('\0', 4));
        (await ReadAsync(id, 3, 71, GapMode.Zero)).ShouldBe("ly" + new string('\0', 65) + "l");
        (await ReadAsync(id, 71, 73, GapMode.Skip)).ShouldBe("at");
        (await ReadAsync(id, 10, 20, GapMode.Skip)).ShouldBe("");
        (await ReadAsync(id, 100, 200, GapMode.Skip)).ShouldBe("");
        StreamMap map = (await Sessions.StreamMapAsync(id, 1, Cancellation)).ShouldNotBeNull();
        (map.Bytes, map.End, map.Length, map.Overlaps).ShouldBe((11UL, 76UL, 80UL, 0UL));
        map.Gaps.ShouldBe([new StreamGap(5, 64, 9, 1), new StreamGap(69, null, 6, 1), new StreamGap(69, 1, 0, 0), new StreamGap(76, 4, 0, 0)]);
        (await Sessions.StreamMapAsync(id, 2, Cancellation)).ShouldBeNull();
    }

    [Fact]
    public async Task Stream_OverlappingFrames_GivesEachByteOnce()
    {
        Guid id = Guid.CreateVersion7();
        await WriteAsync(new NodeLog().Session(id).Data(id, StreamId.Out, 0, "abcdef").Data(id, StreamId.Out, 3, "defghi").Data(id, StreamId.Out, 1, "bc"));
        (await ReadAsync(id, 0, null, GapMode.Skip)).ShouldBe("abcdefghi");
        (await Sessions.StreamMapAsync(id, 1, Cancellation))!.Overlaps.ShouldBe(2UL);
    }

    [Fact]
    public async Task Query_OfOneSession_ReadsFewGranules()
    {
        Guid id = Guid.CreateVersion7();
        await WriteAsync(new NodeLog().Session(id).Data(id, StreamId.Out, 0, "x"));
        foreach (string condition in new[] { "subject = {id:UUID}", SessionSql.KeyIn("subject") })
        {
            List<string> plan = await Fixture.Store.Client.ListAsync(
                $"EXPLAIN indexes = 1 SELECT any(data) FROM frames WHERE {condition}", new QueryParameters().Add("id", id).Add("ids", [id]),
                (ref RowReader row) => row.Text(), Cancellation);
            string text = string.Join('\n', plan);
            text.ShouldContain("PrimaryKey");
            text.ShouldContain("(UUIDToNum(subject) in ");
        }
    }

    [Fact]
    public async Task Query_FailingInTheMiddle_IsNotTakenForTheEnd()
    {
        ulong rows = 0;
        var failure = await Should.ThrowAsync<StoreException>(async () =>
        {
            var numbers = Fixture.Store.Client.QueryAsync(
                "SELECT throwIf(number = 3000000, 'no more') + number FROM numbers(4000000) SETTINGS max_block_size = 10000", null,
                (ref RowReader row) => row.UInt64(), Cancellation);
            await foreach (ulong number in numbers) number.ShouldBe(rows++);
        });
        failure.Code.ShouldBe(395);
        rows.ShouldBeInRange(1UL, 3_000_000UL);
    }

    private async Task<string> ReadAsync(Guid id, ulong from, ulong? to, GapMode mode)
    {
        using var output = new MemoryStream();
        ulong count = await Sessions.StreamAsync(id, 1, from, to, mode, output, Cancellation);
        count.ShouldBe((ulong)output.Length);
        return Encoding.UTF8.GetString(output.ToArray());
    }

    private Task<WriteResult> WriteAsync(NodeLog node) => Fixture.Store.Writer.WriteAsync([node.Cut()], Cancellation);
}
