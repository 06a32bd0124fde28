using Recorder.Wire;

namespace Recorder.Storage.Tests;

public sealed class BatchWriterTests(StoreFixture fixture) : StoreTests(fixture)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private RecorderStore Store => Fixture.Store;

    [Fact]
    public async Task Resend_SameBatches_ChangesNothing()
    {
        Guid id = Guid.CreateVersion7();
        Batch[] batches = Session(new NodeLog(), id, 5);
        (await Store.Writer.WriteAsync(batches, Cancellation)).Batches.ShouldBe(6);
        WriteResult again = await Store.Writer.WriteAsync(batches, Cancellation);
        (again.Batches, again.Frames).ShouldBe((0, 0L));
        (await Store.Writer.WriteAsync([batches[2]], Cancellation)).Batches.ShouldBe(0);
        await ShouldBeWholeAsync(id, 5, rows: 9);
    }

    [Fact]
    public async Task Resend_AfterACrashBeforeBatches_IsReadOnce()
    {
        Guid id = Guid.CreateVersion7();
        var node = new NodeLog();
        Batch[] batches = Session(node, id, 5);
        await Store.Writer.WriteAsync(batches, Cancellation);
        // As after a crash between the tables: everything but `batches` has the rows.
        await Store.Client.ExecuteAsync($"ALTER TABLE batches DELETE WHERE epoch = '{node.Epoch}' SETTINGS mutations_sync = 2", Cancellation);
        (await Store.Origins.ResumeAsync(node.Origin, node.Epoch, Cancellation)).Seq.ShouldBe(0UL);
        // The resend is grouped otherwise, so that deduplication by token can't help.
        await Store.Writer.WriteAsync(batches[..3], Cancellation);
        await Store.Writer.WriteAsync(batches[3..], Cancellation);
        await ShouldBeWholeAsync(id, 5, rows: 18);
    }

    [Fact]
    public async Task Resend_OfAnOpenSession_IsCountedOnce()
    {
        Guid id = Guid.CreateVersion7();
        var node = new NodeLog();
        Batch batch = node.Session(id).Data(id, StreamId.Out, 0, "abc").Data(id, StreamId.Out, 3, "de").Gap(id, StreamId.Out, 5, 9, GapReason.RingFull).Cut();
        await Store.Writer.WriteAsync([batch], Cancellation);
        await Store.Client.ExecuteAsync($"ALTER TABLE batches DELETE WHERE epoch = '{node.Epoch}' SETTINGS mutations_sync = 2", Cancellation);
        await Store.Writer.WriteAsync([batch, node.Data(id, StreamId.Out, 14, "f").Cut()], Cancellation);
        (await Store.Sessions.GetAsync(id, Cancellation))!.Streams[1].ShouldBe(new StreamSummary(1, 6, 1, 9, null, false, "tty"));
        StreamMap map = (await Store.Sessions.StreamMapAsync(id, 1, Cancellation))!;
        (map.Bytes, map.End, map.Gaps.Count, map.Overlaps).ShouldBe((6UL, 15UL, 1, 0UL));
    }

    [Fact]
    public async Task Verdict_DifferingCopies_AreSeen()
    {
        Guid id = Guid.CreateVersion7();
        var node = new NodeLog();
        await Store.Writer.WriteAsync([node.Session(id).Data(id, StreamId.Out, 0, "abc").Cut()], Cancellation);
        await Store.Client.ExecuteAsync($"ALTER TABLE batches DELETE WHERE epoch = '{node.Epoch}' SETTINGS mutations_sync = 2", Cancellation);
        await Store.Writer.WriteAsync([new NodeLog(node.Origin, node.Epoch).Session(id).Data(id, StreamId.Out, 0, "abX")
            .StreamEnd(id, StreamId.Out, 3).StreamEnd(id, StreamId.In, 0).SessionEnd(id).Cut()], Cancellation);
        SessionRecord session = (await Store.Sessions.GetAsync(id, Cancellation))!;
        session.Verdict.ShouldBe(Verdict.Unproven);
        session.Reasons.ShouldContain(reason => reason.Contains("different contents", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Verdict_OtherNodesFrames_AreSeen()
    {
        Guid id = Guid.CreateVersion7();
        await Store.Writer.WriteAsync(Session(new NodeLog(), id, 3), Cancellation);
        (await Store.Sessions.GetAsync(id, Cancellation))!.Verdict.ShouldBe(Verdict.Complete);
        await Store.Writer.WriteAsync([new NodeLog().Add(id, new ResizeFrame(1, 1).Write).Cut()], Cancellation);
        (await Store.Sessions.GetAsync(id, Cancellation))!.Reasons.ShouldHaveSingleItem().ShouldContain("more than one node");
    }

    [Fact]
    public async Task Verdict_HoleHiddenByAnOverlapInABatch_IsSeen()
    {
        Guid id = Guid.CreateVersion7();
        // The lengths add up to the end: [0, 5), [3, 5), hole, [7, 9).
        await Store.Writer.WriteAsync([new NodeLog().Session(id).Data(id, StreamId.Out, 0, "abcde").Data(id, StreamId.Out, 3, "de")
            .Data(id, StreamId.Out, 7, "hi").StreamEnd(id, StreamId.Out, 9).StreamEnd(id, StreamId.In, 0).SessionEnd(id).Cut()], Cancellation);
        SessionRecord session = (await Store.Sessions.GetAsync(id, Cancellation))!;
        session.Verdict.ShouldBe(Verdict.Gapped);
        session.Reasons.Count.ShouldBe(2, string.Join("; ", session.Reasons));
    }

    [Fact]
    public async Task Write_SameNumberOtherBytes_IsAConflict()
    {
        var node = new NodeLog();
        Guid id = Guid.CreateVersion7();
        Batch stored = node.Session(id).Cut();
        await Store.Writer.WriteAsync([stored], Cancellation);
        Batch forged = new NodeLog(node.Origin, node.Epoch).Data(id, StreamId.Out, 0, "other").Cut();
        var failure = await Should.ThrowAsync<BatchConflictException>(() => Store.Writer.WriteAsync([forged], Cancellation));
        failure.Conflict.Stored.ShouldBe(BatchName.Of(stored));
        (await Store.Origins.ClassifyAsync(BatchName.Of(forged), Cancellation)).Standing.ShouldBe(BatchStanding.Conflict);
        (await Store.Origins.ClassifyAsync(BatchName.Of(stored), Cancellation)).Standing.ShouldBe(BatchStanding.Stored);
        (await Store.Origins.ClassifyAsync(BatchName.Of(node.Data(id, StreamId.Out, 0, "n").Cut()), Cancellation)).Standing.ShouldBe(BatchStanding.New);
    }

    [Fact]
    public async Task Write_OverlappingSequence_IsAConflict()
    {
        var node = new NodeLog();
        Guid id = Guid.CreateVersion7();
        await Store.Writer.WriteAsync([node.Session(id).Cut(), node.Data(id, StreamId.Out, 0, "ab").Cut()], Cancellation);
        // Number 5, but frames 1 to 3.
        var other = new NodeLog(node.Origin, node.Epoch);
        Batch overlapping = other.Session(id).Data(id, StreamId.Out, 0, "x").Data(id, StreamId.Out, 1, "y").Cut();
        BatchName name = BatchName.Of(overlapping) with { Number = 5 };
        (await Store.Origins.ClassifyAsync(name, Cancellation)).Standing.ShouldBe(BatchStanding.Conflict);
        (await Store.Origins.ClassifyAsync(name with { FirstSeq = 3, LastSeq = 9 }, Cancellation)).Standing.ShouldBe(BatchStanding.New);
    }

    [Fact]
    public async Task Resume_WithAHole_StopsBeforeIt()
    {
        var node = new NodeLog();
        Guid id = Guid.CreateVersion7();
        Batch[] batches = Session(node, id, 5);
        (await Store.Origins.ResumeAsync(node.Origin, node.Epoch, Cancellation)).ShouldBe(new EpochHead(0, 0, default));
        await Store.Writer.WriteAsync([batches[0], batches[1], batches[3]], Cancellation);
        (await Store.Origins.ResumeAsync(node.Origin, node.Epoch, Cancellation))
            .ShouldBe(new EpochHead(batches[1].Header.LastSeq, 2, batches[1].Hash));
        await Store.Writer.WriteAsync([batches[2]], Cancellation);
        (await Store.Origins.ResumeAsync(node.Origin, node.Epoch, Cancellation)).ShouldBe(new EpochHead(batches[3].Header.LastSeq, 4, batches[3].Hash));
        var late = new NodeLog();
        late.Session(id).Cut();
        await Store.Writer.WriteAsync([late.Data(id, StreamId.Err, 0, "x").Cut()], Cancellation);
        (await Store.Origins.ResumeAsync(late.Origin, late.Epoch, Cancellation)).Seq.ShouldBe(0UL);
    }

    [Fact]
    public async Task Heads_OfStoredSubjects_SayHowFarTheyReach()
    {
        Guid id = Guid.CreateVersion7(), bare = Guid.CreateVersion7();
        await Store.Writer.WriteAsync([new NodeLog().Session(id, s => s with { Revision = 4 }).Data(id, StreamId.Out, 0, "abc")
            .Gap(id, StreamId.Out, 3, 7, GapReason.RingFull).Gap(id, StreamId.In, 0, null, GapReason.AgentDown).Data(bare, StreamId.Err, 5, "x").Cut()], Cancellation);
        IReadOnlyList<SubjectHead> heads = await Store.Origins.HeadsAsync([id, Guid.NewGuid(), bare, id], Cancellation);
        heads.Select(head => (head.Subject, head.Revision)).ShouldBe([(id, 4UL), (bare, 0UL)]);
        heads[0].Streams.ShouldBe([new StreamHead(0, 0), new StreamHead(1, 10)]);
        heads[1].Streams.ShouldBe([new StreamHead(2, 6)]);
        (await Store.Origins.HeadsAsync([], Cancellation)).ShouldBeEmpty();
        (await Store.Origins.HeadsAsync([.. Enumerable.Range(0, 4096).Select(_ => Guid.NewGuid())], Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Write_ManyOriginsAtOnce_StoresAll()
    {
        (NodeLog Node, Guid Id)[] nodes = [.. Enumerable.Range(0, 8).Select(_ => (new NodeLog(), Guid.CreateVersion7()))];
        await Task.WhenAll(nodes.Select(async pair =>
        {
            foreach (Batch batch in Session(pair.Node, pair.Id, 20)) await Store.Writer.WriteAsync([batch], Cancellation);
        }));
        foreach (var (_, id) in nodes) await ShouldBeWholeAsync(id, 20, rows: 24);
    }

    [Fact]
    public async Task Write_NodeClockFarAway_IsStored()
    {
        Guid id = Guid.CreateVersion7();
        foreach (ulong realtime in new[] { 0UL, 1UL << 62 })
        {
            await Store.Writer.WriteAsync([new NodeLog { Realtime = realtime }.Session(id).Cut()], Cancellation);
            (await Store.Sessions.GetAsync(id, Cancellation)).ShouldNotBeNull();
            id = Guid.CreateVersion7();
        }
    }

    [Fact]
    public async Task Verdict_LateFrames_AreTakenIn()
    {
        Guid id = Guid.CreateVersion7();
        var node = new NodeLog();
        Batch first = node.Session(id).Data(id, StreamId.Out, 0, "ab").SessionEnd(id).Cut();
        Batch late = node.Data(id, StreamId.Out, 2, "cd").StreamEnd(id, StreamId.Out, 4).StreamEnd(id, StreamId.In, 0).Cut();
        await Store.Writer.WriteAsync([first], Cancellation);
        (await Store.Sessions.GetAsync(id, Cancellation))!.Verdict.ShouldBe(Verdict.Unproven);
        (await Store.Writer.WriteAsync([late], Cancellation)).SessionsEnded.ShouldBe([id]);
        SessionRecord session = (await Store.Sessions.GetAsync(id, Cancellation))!;
        (session.Verdict, session.Streams[1].Bytes).ShouldBe((Verdict.Complete, 4UL));
    }

    // One SESSION, `count` DATA frames of 2 bytes, the ends: a batch for each frame but the last three.
    private static Batch[] Session(NodeLog node, Guid id, int count)
    {
        var batches = new List<Batch> { node.Session(id).Cut() };
        for (int i = 0; i < count - 1; i++) batches.Add(node.Data(id, StreamId.Out, (ulong)(2 * i), [(byte)i, 0]).Cut());
        batches.Add(node.Data(id, StreamId.Out, (ulong)(2 * (count - 1)), [(byte)(count - 1), 0])
            .StreamEnd(id, StreamId.Out, (ulong)(2 * count)).StreamEnd(id, StreamId.In, 0).SessionEnd(id).Cut());
        return [.. batches];
    }

    private async Task ShouldBeWholeAsync(Guid id, int count, int rows)
    {
        SessionRecord session = (await Store.Sessions.GetAsync(id, Cancellation)).ShouldNotBeNull();
        session.Verdict.ShouldBe(Verdict.Complete, string.Join("; ", session.Reasons));
        session.Streams[1].Bytes.ShouldBe((ulong)(2 * count));
        var frames = new List<StoredFrame>();
        await foreach (StoredFrame frame in Store.Sessions.FramesAsync(id, new FrameFilter(), Cancellation)) frames.Add(frame);
        frames.Count.ShouldBe(count + 4);
        using var output = new MemoryStream();
        await Store.Sessions.StreamAsync(id, 1, 0, null, GapMode.Skip, output, Cancellation);
        output.ToArray().ShouldBe(Enumerable.Range(0, count).SelectMany(i => new[] { (byte)i, (byte)0 }));
        var stored = await Store.Client.ListAsync(
            "SELECT count() FROM frames WHERE subject = {id:UUID}", new QueryParameters().Add("id", id), (ref RowReader row) => row.UInt64(), Cancellation);
        stored.ShouldBe([(ulong)rows]);
    }
}
