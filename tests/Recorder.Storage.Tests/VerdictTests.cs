using Recorder.Wire;

namespace Recorder.Storage.Tests;

public sealed class VerdictTests
{
    private static readonly Guid Origin = Guid.NewGuid();
    private static readonly Guid Epoch = Guid.NewGuid();

    public static TheoryData<string, Verdict, string?> Cases() => new()
    {
        { "data 0 5; end 5; over", Verdict.Complete, null },
        { "end 0; over", Verdict.Complete, null },
        { "data 0 5; data 5 5; end 10; over", Verdict.Complete, null },
        { "data 5 5; data 0 5; end 10; over", Verdict.Complete, null },
        { "data 0 5; policy 5 64; data 69 1; end 70; over", Verdict.Complete, null },
        { "data 0 5; end 5", Verdict.Open, null },
        { "data 0 5; gap 5 3; end 8; over", Verdict.Gapped, "RING_FULL" },
        { "data 0 5; unknown 5; end 5; over", Verdict.Gapped, "unknown length" },
        { "data 0 5; policy-unknown 5; end 5; over", Verdict.Gapped, "unknown length (POLICY)" },
        { "data 0 5; data 8 2; end 10; over", Verdict.Gapped, "1 holes of 3 bytes" },
        { "data 0 5; end 9; over", Verdict.Gapped, "1 holes of 4 bytes" },
        { "data 3 5; end 8; over", Verdict.Gapped, "the first at 0" },
        { "data 0 5; over", Verdict.Unproven, "STREAM_END" },
        { "data 0 5; data 8 2; over", Verdict.Gapped, "holes" },
        { "data 0 5; end 5; ended", Verdict.Unproven, "SESSION_END" },
        { "data 0 5; end 5; over-unseen", Verdict.Unproven, "not observed" },
        { "data 0 5; end-agent 5; over", Verdict.Unproven, "not observed" },
        { "late; data 0 5; end 5; over", Verdict.Unproven, "began after" },
        { "late; openlate 0; data 0 5; end 5; over", Verdict.Unproven, "OPEN_LATE" },
        { "late; openlate 0; gap 0 5; end 5; over", Verdict.Gapped, "RING_FULL" },
        { "data 0 5; data 3 5; end 8; over", Verdict.Unproven, "overlap" },
        { "data 0 5; data 0 5; end 5; over", Verdict.Unproven, "overlap" },
        { "data 0 5; gap 3 2; end 5; over", Verdict.Gapped, "RING_FULL" },
        { "data 0 9; end 5; over", Verdict.Unproven, "beyond" },
        { "data 0 5; end 5; end 6; over", Verdict.Gapped, "holes" },
        { "data 0 5; end 5; copy; over", Verdict.Complete, null },
        { "data 0 5; end 5; differing; over", Verdict.Unproven, "different contents" },
        { "metadata; over", Verdict.Complete, null },
        { "metadata; ended", Verdict.Unproven, "SESSION_END" },
        { "source null; over", Verdict.Complete, null },
        { "source none; over", Verdict.Complete, null },
        { "source file; over", Verdict.Gapped, "not recorded" },
        { "source socket; unknown 0; over", Verdict.Gapped, "unknown length" },
        { "source pipe; over", Verdict.Unproven, "STREAM_END" },
        { "nosession; data 0 5; end 5; over", Verdict.Unproven, "no SESSION" },
        { "nosession; data 0 5; end 5", Verdict.Open, null },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Judge_Frames_GiveTheVerdict(string frames, Verdict verdict, string? reason)
    {
        SnapshotFacts? snapshot = new(Origin, false, false, "full", new Dictionary<byte, string> { [1] = "tty" });
        var evidence = new SessionEvidence();
        ulong seq = 1;
        TileRow last = default;
        foreach (string[] step in frames.Split("; ").Select(part => part.Split(' ')))
        {
            snapshot = Facts(snapshot, step);
            if (Row(step, ++seq, last) is not { } row) continue;
            evidence.Add(last = row);
        }
        var (given, reasons) = VerdictRules.Judge(snapshot, evidence);
        given.ShouldBe(verdict, string.Join("; ", reasons));
        if (reason is null) reasons.ShouldBeEmpty();
        else reasons.ShouldContain(text => text.Contains(reason, StringComparison.Ordinal));
    }

    [Fact]
    public void Tiler_RandomTiles_AgreesWithAByteMap()
    {
        var random = new Random(20261120);
        for (int round = 0; round < 3000; round++)
        {
            var tiler = new StreamTiler();
            int[] map = new int[64];
            ulong bytes = 0;
            bool overlapped = false;
            foreach (var (start, length, isGap) in RandomTiles(random, map.Length))
            {
                if (isGap) tiler.AddGap(new StreamGap((ulong)start, (ulong)length, 1, 1));
                else tiler.AddData((ulong)start, (ulong)length);
                bytes += isGap ? 0 : (ulong)length;
                for (int i = start; i < start + length; i++) overlapped |= ++map[i] > 1;
            }
            int end = Array.FindLastIndex(map, covered => covered > 0) + 1;
            int total = random.Next(2) == 0 ? end : Math.Min(map.Length, end + random.Next(5));
            tiler.AddEnd((ulong)total, StreamEndCause.Eof);
            tiler.Bytes.ShouldBe(bytes);
            tiler.End.ShouldBe((ulong)end);
            (tiler.Overlaps > 0).ShouldBe(overlapped);
            tiler.Holes().SelectMany(hole => Enumerable.Range((int)hole.Offset, (int)hole.Length!.Value))
                .ShouldBe(Enumerable.Range(0, Math.Max(end, total)).Where(i => map[i] == 0));
        }
    }

    // Tiles of a stream in any order, some missing, some twice.
    private static List<(int Start, int Length, bool IsGap)> RandomTiles(Random random, int size)
    {
        var tiles = new List<(int, int, bool)>();
        for (int at = 0; at < size;)
        {
            int length = Math.Min(1 + random.Next(12), size - at);
            if (random.Next(6) != 0) tiles.Add((at, length, random.Next(5) == 0));
            if (random.Next(20) == 0) tiles.Add((Math.Max(0, at - random.Next(4)), 1 + random.Next(length), false));
            at += length;
        }
        if (random.Next(3) != 0) return [.. tiles.OrderBy(_ => random.Next())];
        return tiles;
    }

    private static SnapshotFacts? Facts(SnapshotFacts? facts, string[] step) => step[0] switch
    {
        "late" => facts! with { Late = true },
        "ended" => facts! with { Ended = true },
        "metadata" => facts! with { Depth = "metadata" },
        "source" => facts! with { Sources = new Dictionary<byte, string> { [1] = step[1] } },
        "nosession" => null,
        _ => facts,
    };

    private static TileRow? Row(string[] step, ulong seq, TileRow last)
    {
        ulong offset = step.Length > 1 && ulong.TryParse(step[1], out ulong first) ? first : 0;
        ulong length = step.Length > 2 ? ulong.Parse(step[2], System.Globalization.CultureInfo.InvariantCulture) : 0;
        return step[0] switch
        {
            "data" => Make(FrameType.Data, offset, length, 0),
            "gap" => Make(FrameType.Gap, offset, length, (byte)GapReason.RingFull),
            "policy" => Make(FrameType.Gap, offset, length, (byte)GapReason.Policy),
            "policy-unknown" => Make(FrameType.Gap, offset, null, (byte)GapReason.Policy),
            "unknown" => Make(FrameType.Gap, offset, null, (byte)GapReason.AgentDown),
            "openlate" => Make(FrameType.Gap, offset, null, (byte)GapReason.OpenLate),
            "end" => Make(FrameType.StreamEnd, offset, 0, (byte)StreamEndCause.Eof),
            "end-agent" => Make(FrameType.StreamEnd, offset, 0, (byte)StreamEndCause.AgentDown),
            "over" => Make(FrameType.SessionEnd, 0, 0, 1) with { End = new SessionEndFrame(SessionEndCause.Closed, 0, null, 0) },
            "over-unseen" => Make(FrameType.SessionEnd, 0, 0, 2) with { End = new SessionEndFrame(SessionEndCause.NotObserved, null, null, 0) },
            "copy" => last,
            "differing" => last with { Hash = 99 },
            _ => null,
        };

        TileRow Make(FrameType type, ulong at, ulong? bytes, byte flags) =>
            new(Origin, Epoch, 0, seq, 1, (byte)type, type == FrameType.SessionEnd ? (byte)255 : (byte)1, at, bytes, flags, 1, 0, null);
    }
}
