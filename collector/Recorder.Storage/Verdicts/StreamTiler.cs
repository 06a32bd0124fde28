using Recorder.Wire;

namespace Recorder.Storage;

/// <summary>
/// Checks that a stream's frames tile [0, total). Frames may come in any order; what is kept are the covered runs, of which a
/// stream without loss has one. A GAP of unknown length occupies no offset.
/// </summary>
internal sealed class StreamTiler
{
    private readonly List<Run> _runs = [];
    private readonly List<StreamGap> _gaps = [];

    /// <summary>Bytes of DATA frames.</summary>
    public ulong Bytes { get; private set; }

    /// <summary>Frames that cover bytes which another covers too.</summary>
    public ulong Overlaps { get; private set; }

    /// <summary>The stream's total by STREAM_END; null before it was seen.</summary>
    public ulong? Total { get; private set; }

    /// <summary>Two STREAM_ENDs name different totals.</summary>
    public bool HasDifferingEnds { get; private set; }

    /// <summary>The cause of STREAM_END.</summary>
    public StreamEndCause EndCause { get; private set; }

    /// <summary>Highest offset + length.</summary>
    public ulong End => _runs.Count == 0 ? 0 : _runs[^1].End;

    /// <summary>GAP frames, in the order in which they came.</summary>
    public IReadOnlyList<StreamGap> Gaps => _gaps;

    public void AddData(ulong offset, ulong length)
    {
        Bytes += length;
        Cover(offset, length);
    }

    public void AddGap(StreamGap gap)
    {
        _gaps.Add(gap);
        if (gap.Length is { } length) Cover(gap.Offset, length);
    }

    public void AddEnd(ulong total, StreamEndCause cause)
    {
        HasDifferingEnds |= Total is not null && Total != total;
        // A later end may be the agent's correction; the longer claim is the careful one.
        Total = Math.Max(Total ?? 0, total);
        EndCause = cause;
    }

    /// <summary>Stretches before the end that no frame covers.</summary>
    public IEnumerable<StreamGap> Holes()
    {
        ulong reached = 0;
        foreach (Run run in _runs)
        {
            if (run.Start > reached) yield return new StreamGap(reached, run.Start - reached, 0, 0);
            reached = run.End;
        }
        if (Total is { } total && total > reached) yield return new StreamGap(reached, total - reached, 0, 0);
    }

    private void Cover(ulong start, ulong length)
    {
        var added = new Run(start, start + length);
        // Frames nearly always continue the last run.
        if (_runs.Count == 0 || start > _runs[^1].End) _runs.Add(added);
        else if (start == _runs[^1].End) _runs[^1] = new Run(_runs[^1].Start, added.End);
        else Insert(added);
    }

    private void Insert(Run added)
    {
        int first = FirstTouching(added.Start);
        int next = first;
        Run merged = added;
        bool overlaps = false;
        for (; next < _runs.Count && _runs[next].Start <= added.End; next++)
        {
            overlaps |= _runs[next].Start < added.End && _runs[next].End > added.Start;
            merged = new Run(Math.Min(merged.Start, _runs[next].Start), Math.Max(merged.End, _runs[next].End));
        }
        if (overlaps) Overlaps++;
        _runs.RemoveRange(first, next - first);
        _runs.Insert(first, merged);
    }

    // The first run that ends at or after the offset.
    private int FirstTouching(ulong offset)
    {
        int low = 0, high = _runs.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_runs[middle].End < offset) low = middle + 1;
            else high = middle;
        }
        return low;
    }

    private readonly record struct Run(ulong Start, ulong End);
}
