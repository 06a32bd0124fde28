using Microsoft.Extensions.Logging.Abstractions;
using Recorder.Agent.Pipeline;
using Recorder.Agent.Uplink;
using Recorder.Wire;

namespace Recorder.Agent.Tests.Pipeline;

public sealed class FrameQueueTests : IDisposable
{
    private const long QueueBytes = 8 << 20;

    private readonly Guid _origin = Guid.CreateVersion7();
    private readonly BatchQueue _batches = new();
    private readonly FrameQueue _frames;
    private readonly List<byte[]> _taken = [];

    public FrameQueueTests() => _frames = new FrameQueue(
        _origin, new BatchBuilder(_origin, Guid.CreateVersion7(), Guid.NewGuid()), _batches,
        new FrameQueueLimits(QueueBytes, 256 << 10, TimeSpan.FromMilliseconds(200)), TimeProvider.System, NullLogger.Instance);

    public void Dispose()
    {
        _frames.Dispose();
        _batches.Dispose();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void Overflow_WhateverComes_EveryStreamIsTiledExactly(int seed)
    {
        Random random = new(seed);
        Guid[] subjects = [.. Enumerable.Range(0, 4).Select(_ => Guid.CreateVersion7())];
        Dictionary<(Guid, StreamId), ulong> ends = [];
        byte[] bytes = new byte[100_000];
        for (int i = 0; i < 4000; i++)
        {
            (Guid subject, StreamId stream) = (subjects[random.Next(subjects.Length)], (StreamId)random.Next(3));
            ulong offset = ends.GetValueOrDefault((subject, stream));
            int length = random.Next(1, bytes.Length);
            if (random.Next(20) == 0)
                _frames.Gap(subject, 5, new GapFrame(stream, offset, (ulong)length, GapReason.RingFull, GapPlace.Kernel, 4, 5));
            else
                _frames.Data(subject, 5, stream, offset, DataFlags.None, bytes.AsSpan(0, length));
            ends[(subject, stream)] = offset + (ulong)length;
            // The collector now and then takes some of it.
            if (random.Next(200) == 0)
                TakeAll();
            _frames.CutIfDue();
        }

        foreach (((Guid subject, StreamId stream), ulong total) in ends)
            _frames.StreamEnd(subject, 6, new StreamEndFrame(stream, total, StreamEndCause.Eof));
        foreach (Guid subject in subjects)
            _frames.SessionEnd(subject, 6, new SessionEndFrame(SessionEndCause.Closed, 0, null, 0));
        _frames.CutAll();
        TakeAll();

        _frames.DroppedBytes.ShouldBeGreaterThan(0);
        _frames.LostFrames.ShouldBe(0);
        ReadBack().ShouldBe(ends, ignoreOrder: true);
    }

    [Fact]
    public void Overflow_GapsOfOneStream_AreOneWithBothTimes()
    {
        Guid subject = Guid.CreateVersion7();
        ulong offset = Fill(subject);
        ulong end = Data(subject, Data(subject, offset, time: 100), time: 200);
        TakeAll();
        _frames.CutIfDue();
        _frames.StreamEnd(subject, 300, new StreamEndFrame(StreamId.Out, end, StreamEndCause.Eof));
        _frames.CutAll();
        TakeAll();

        GapFrame gap = Gaps().Last();
        gap.Reason.ShouldBe(GapReason.SpoolFull);
        gap.Place.ShouldBe(GapPlace.Queue);
        gap.Offset.ShouldBeLessThanOrEqualTo(offset);
        (gap.Offset + gap.Length).ShouldBe(end);
        gap.ToTime.ShouldBe(200ul);
    }

    [Fact]
    public void Overflow_NobodyTakesAnything_StaysWithinTheBound()
    {
        Guid subject = Guid.CreateVersion7();
        ulong offset = 0;
        for (int i = 0; i < 2000; i++)
            offset = Data(subject, offset, time: 1);

        _frames.UsedBytes.ShouldBeLessThanOrEqualTo(QueueBytes);
        _frames.DroppedBytes.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void Overflow_OtherFrames_UseTheReserve()
    {
        Guid subject = Guid.CreateVersion7();
        Fill(subject);
        ulong before = _frames.Frames;

        _frames.Resize(subject, 1, new ResizeFrame(80, 24));
        _frames.Node(1, new NodeFrame { Sessions = 1 });

        (_frames.Frames - before).ShouldBe(2ul);
        _frames.LostFrames.ShouldBe(0);
    }

    [Fact]
    public void Overflow_ReserveFullToo_CountsWhatIsLost()
    {
        Guid subject = Guid.CreateVersion7();
        Fill(subject);
        for (int i = 0; i < 200_000 && _frames.LostFrames == 0; i++)
            _frames.Resize(subject, 1, new ResizeFrame(80, 24));

        _frames.LostFrames.ShouldBe(1);
        _frames.UsedBytes.ShouldBeLessThan(QueueBytes + (1 << 20));
    }

    [Fact]
    public void Overflow_ReserveFullToo_EndsWaitAndComeInOrder()
    {
        Guid subject = Guid.CreateVersion7();
        ulong end = Fill(subject);
        while (_frames.LostFrames == 0)
            _frames.Resize(subject, 1, new ResizeFrame(80, 24));
        _frames.Gap(subject, 2, new GapFrame(StreamId.Out, end, 100, GapReason.RingFull, GapPlace.Kernel, 2, 2));
        _frames.StreamEnd(subject, 3, new StreamEndFrame(StreamId.Out, end + 100, StreamEndCause.Eof));
        _frames.Session(subject, 3, new SessionSnapshot { Revision = 2, Kind = "exec", Depth = "full", State = "ended", Started = 1, Streams = [] });
        _frames.SessionEnd(subject, 4, new SessionEndFrame(SessionEndCause.Closed, 0, null, 0));
        ulong before = _frames.Frames;
        _frames.CutIfDue();
        _frames.Frames.ShouldBe(before);

        TakeAll();
        _frames.CutIfDue();
        TakeAll();

        Types().TakeLast(4).ShouldBe([FrameType.Gap, FrameType.StreamEnd, FrameType.Session, FrameType.SessionEnd]);
        GapFrame gap = Gaps().Last();
        (gap.Offset + gap.Length).ShouldBe(end + 100);
        _frames.LostFrames.ShouldBe(1);
    }

    [Fact]
    public void Data_BatchFull_IsCutBeforeItGrowsBeyond()
    {
        Guid subject = Guid.CreateVersion7();
        ulong offset = 0;
        for (int i = 0; i < 50; i++)
            offset = Data(subject, offset, time: 1);
        TakeAll();

        _taken.Count.ShouldBe(3);
        _taken.ShouldAllBe(batch => batch.Length <= 256 << 10);
    }

    [Fact]
    public void SessionEnd_IsDueAtOnce()
    {
        Guid subject = Guid.CreateVersion7();
        Data(subject, 0, time: 1);
        _frames.UntilCut.ShouldNotBe(TimeSpan.Zero);

        _frames.SessionEnd(subject, 2, new SessionEndFrame(SessionEndCause.Closed, 0, null, 0));

        _frames.UntilCut.ShouldBe(TimeSpan.Zero);
        _frames.CutIfDue();
        _batches.Frames.ShouldBe(2);
    }

    [Fact]
    public void Data_PerFrame_AllocatesNothing()
    {
        Guid subject = Guid.CreateVersion7();
        byte[] bytes = new byte[512];
        for (int i = 0; i < 100; i++)
            _frames.Data(subject, 1, StreamId.Out, (ulong)i, DataFlags.None, bytes);
        _frames.CutAll();
        TakeAll();
        _frames.Data(subject, 1, StreamId.Out, 0, DataFlags.None, bytes);

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 50; i++)
            _frames.Data(subject, 1, StreamId.Out, (ulong)i, DataFlags.None, bytes);

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    private ulong Data(Guid subject, ulong offset, ulong time)
    {
        _frames.Data(subject, time, StreamId.Out, offset, DataFlags.None, new byte[20_000]);
        return offset + 20_000;
    }

    // Until something was dropped.
    private ulong Fill(Guid subject)
    {
        ulong offset = 0;
        while (_frames.DroppedBytes == 0)
            offset = Data(subject, offset, time: 1);
        return offset;
    }

    private void TakeAll()
    {
        _batches.Resume(_batches.Acknowledged);
        while (_batches.TryTake(long.MaxValue, out QueuedBatch batch))
        {
            _taken.Add(batch.Bytes.ToArray());
            _batches.Release(batch);
            _batches.TryAcknowledge(batch.LastSeq).ShouldBeTrue();
        }
    }

    private List<FrameType> Types()
    {
        List<FrameType> types = [];
        foreach (BatchSection section in _taken.SelectMany(bytes => Batch.Read(bytes).Sections))
        {
            foreach (Frame frame in new FrameReader(section.Frames.Span))
                types.Add(frame.Header.Type);
        }

        return types;
    }

    private List<GapFrame> Gaps()
    {
        List<GapFrame> gaps = [];
        foreach (BatchSection section in _taken.SelectMany(bytes => Batch.Read(bytes).Sections))
        {
            foreach (Frame frame in new FrameReader(section.Frames.Span))
            {
                MessagePackReader body = frame.Body;
                if (frame.Header.Type == FrameType.Gap)
                    gaps.Add(GapFrame.Read(ref body));
            }
        }

        return gaps;
    }

    // Ends of all streams, after checking that nothing overlaps, misses or follows its end, and that numbers have no hole.
    private Dictionary<(Guid, StreamId), ulong> ReadBack()
    {
        Dictionary<(Guid, StreamId), ulong> ends = [];
        HashSet<Guid> over = [];
        ulong seq = 0;
        foreach (Batch batch in _taken.Select(bytes => Batch.Read(bytes)))
        {
            batch.Header.FirstSeq.ShouldBe(seq + 1);
            seq = batch.Header.LastSeq;
            foreach (BatchSection section in batch.Sections)
            {
                foreach (Frame frame in new FrameReader(section.Frames.Span))
                    Check(frame, ends, over);
            }
        }

        seq.ShouldBe(_frames.Frames);
        over.Count.ShouldBe(4);
        return ends;
    }

    private static void Check(Frame frame, Dictionary<(Guid, StreamId), ulong> ends, HashSet<Guid> over)
    {
        Guid subject = frame.Header.Subject;
        MessagePackReader body = frame.Body;
        over.ShouldNotContain(subject);
        switch (frame.Header.Type)
        {
            case FrameType.Data:
                DataFrame data = DataFrame.Read(ref body);
                data.Offset.ShouldBe(ends.GetValueOrDefault((subject, data.Stream)));
                ends[(subject, data.Stream)] = data.Offset + (ulong)data.Bytes.Length;
                break;
            case FrameType.Gap:
                GapFrame gap = GapFrame.Read(ref body);
                gap.Offset.ShouldBe(ends.GetValueOrDefault((subject, gap.Stream)));
                ends[(subject, gap.Stream)] = gap.Offset + gap.Length!.Value;
                break;
            case FrameType.StreamEnd:
                StreamEndFrame end = StreamEndFrame.Read(ref body);
                end.Total.ShouldBe(ends.GetValueOrDefault((subject, end.Stream)));
                break;
            case FrameType.SessionEnd:
                over.Add(subject);
                break;
        }
    }
}
