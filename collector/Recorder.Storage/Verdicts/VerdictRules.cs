using System.Globalization;
using Recorder.Wire;

namespace Recorder.Storage;

/// <summary>
/// The verdict, from what is stored. 1. OPEN while nothing says that the session ended. 2. GAPPED if anything but POLICY is
/// missing: a GAP frame, a hole, an unknown length. 3. UNPROVEN if nothing is known to be missing but it can't be told: opened
/// late, an end not seen, contradicting frames. 4. Else COMPLETE. What is known to be missing outweighs what can't be told.
/// </summary>
internal sealed class VerdictRules
{
    private readonly List<string> _gapped = [];
    private readonly List<string> _unproven = [];
    private readonly SnapshotFacts? _snapshot;
    private readonly SessionEvidence _evidence;

    private VerdictRules(SnapshotFacts? snapshot, SessionEvidence evidence)
    {
        _snapshot = snapshot;
        _evidence = evidence;
    }

    public static (Verdict Verdict, IReadOnlyList<string> Reasons) Judge(SnapshotFacts? snapshot, SessionEvidence evidence)
    {
        if (snapshot is not { Ended: true } && evidence.End is null) return (Verdict.Open, []);
        var rules = new VerdictRules(snapshot, evidence);
        rules.CheckSession();
        if (snapshot?.Depth != SessionDepth.Metadata) rules.CheckStreams();
        Verdict verdict = rules._gapped.Count > 0 ? Verdict.Gapped : rules._unproven.Count > 0 ? Verdict.Unproven : Verdict.Complete;
        return (verdict, [.. rules._gapped, .. rules._unproven]);
    }

    public static IReadOnlyList<StreamSummary> Summarise(SnapshotFacts? snapshot, SessionEvidence evidence)
    {
        IEnumerable<byte> streams = evidence.Streams.Keys.Union(snapshot?.Sources.Keys ?? []).Order();
        return [.. streams.Select(stream => Summary(stream, evidence.Streams.GetValueOrDefault(stream), snapshot))];
    }

    private static StreamSummary Summary(byte stream, StreamTiler? tiler, SnapshotFacts? snapshot)
    {
        string? source = snapshot?.Sources.GetValueOrDefault(stream);
        if (tiler is null) return new StreamSummary(stream, 0, 0, 0, null, false, source);
        StreamGap[] missing = [.. tiler.Gaps, .. tiler.Holes()];
        ulong bytes = missing.Aggregate(0UL, (sum, gap) => sum + (gap.Length ?? 0));
        return new StreamSummary(stream, tiler.Bytes, (ulong)missing.Length, bytes, tiler.Total, tiler.Total is not null, source);
    }

    private void CheckSession()
    {
        if (_snapshot is null) _unproven.Add("no SESSION frame is stored");
        if (_snapshot is { Late: true }) _unproven.Add("recording began after the session did");
        if (_evidence.End is null) _unproven.Add("the session's end (SESSION_END) is not stored");
        else if (_evidence.End.Value.Cause == SessionEndCause.NotObserved) _unproven.Add("the session's end was not observed");
        if (_evidence.DifferingCopies > 0)
            _unproven.Add(Text($"{_evidence.DifferingCopies} frames are stored with different contents under one number"));
        if (_evidence.HasSeveralOrigins) _unproven.Add("frames of more than one node carry this session's id");
        if (_snapshot is { Depth: not SessionDepth.Metadata, Sources.Count: 0 } && _evidence.Streams.Count == 0)
            _unproven.Add("no stream is known");
    }

    private void CheckStreams()
    {
        foreach (byte stream in _evidence.Streams.Keys.Union(_snapshot?.Sources.Keys ?? []).Order())
        {
            string name = StreamName(stream);
            StreamTiler? tiler = _evidence.Streams.GetValueOrDefault(stream);
            if (tiler is not null) CheckTiles(name, tiler);
            CheckEnd(name, tiler, _snapshot?.Sources.GetValueOrDefault(stream));
        }
    }

    private void CheckTiles(string name, StreamTiler tiler)
    {
        foreach (var gaps in tiler.Gaps.GroupBy(gap => (gap.Reason, Known: gap.Length is not null)).OrderBy(group => group.Key))
        {
            var reason = (GapReason)gaps.Key.Reason;
            if (reason == GapReason.Policy && gaps.Key.Known) continue;
            ulong bytes = gaps.Aggregate(0UL, (sum, gap) => sum + (gap.Length ?? 0));
            string what = gaps.Key.Known
                ? Text($"{name}: {gaps.Count()} gaps of {bytes} bytes in all ({ReasonName(reason)})")
                : Text($"{name}: {gaps.Count()} gaps of unknown length ({ReasonName(reason)})");
            // That the beginning isn't there follows from opening late, which is UNPROVEN by definition.
            (reason == GapReason.OpenLate ? _unproven : _gapped).Add(what);
        }
        StreamGap[] holes = [.. tiler.Holes()];
        ulong missing = holes.Aggregate(0UL, (sum, hole) => sum + (hole.Length ?? 0));
        if (holes.Length > 0)
            _gapped.Add(Text($"{name}: {holes.Length} holes of {missing} bytes in all that no frame explains, the first at {holes[0].Offset}"));
        if (tiler.Overlaps > 0) _unproven.Add(Text($"{name}: {tiler.Overlaps} frames overlap others"));
        if (tiler.HasDifferingEnds) _unproven.Add($"{name}: two STREAM_END frames name different totals");
        if (tiler.Total is { } total && tiler.End > total)
            _unproven.Add(Text($"{name}: frames reach to {tiler.End}, beyond the stream's total of {total}"));
    }

    private void CheckEnd(string name, StreamTiler? tiler, string? source)
    {
        switch (source)
        {
            case StreamSource.Null or StreamSource.None when tiler is null:
                return;
            case StreamSource.File or StreamSource.Socket or StreamSource.Other when tiler?.Total is null:
                if (tiler is null || tiler.Gaps.Count == 0) _gapped.Add($"{name}: a {source}, which is not recorded");
                return;
        }
        if (tiler?.Total is null) _unproven.Add($"{name}: the stream's end (STREAM_END) is not stored");
        else if (tiler.EndCause == StreamEndCause.AgentDown) _unproven.Add($"{name}: the stream's end was not observed");
    }

    private static string StreamName(byte stream) => stream switch
    {
        0 => "in",
        1 => "out",
        2 => "err",
        _ => Text($"stream {stream}"),
    };

    /// <summary>The name that FORMAT.md gives a reason.</summary>
    internal static string ReasonName(GapReason reason) => reason switch
    {
        GapReason.RingFull => "RING_FULL",
        GapReason.Truncated => "TRUNCATED",
        GapReason.PageFault => "PAGE_FAULT",
        GapReason.MapFull => "MAP_FULL",
        GapReason.ProgramMissed => "PROGRAM_MISSED",
        GapReason.AgentDown => "AGENT_DOWN",
        GapReason.SpoolFull => "SPOOL_FULL",
        GapReason.Corrupt => "CORRUPT",
        GapReason.Policy => "POLICY",
        GapReason.OpenLate => "OPEN_LATE",
        _ => Text($"reason {(byte)reason}"),
    };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
