using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Recorder.Wire;

namespace Recorder.Agent.Pipeline;

/// <summary>Stream bytes that found no room, of one stream, without a hole between them.</summary>
internal struct PendingGap
{
    public ulong Offset;
    public ulong Length;
    public ulong FromTime;
    public ulong ToTime;

    public readonly GapFrame Frame(StreamId stream) => new(stream, Offset, Length, GapReason.SpoolFull, GapPlace.Queue, FromTime, ToTime);
}

/// <summary>What became of an offer to <see cref="PendingGaps"/>.</summary>
internal enum GapExtension
{
    Extended,

    /// <summary>The stream has a gap that ends elsewhere: it must be written first.</summary>
    NotAdjacent,
}

/// <summary>Each stream's gap that is not written yet. Frames of a stream tile it, so what is dropped next begins where the gap ends.</summary>
internal sealed class PendingGaps
{
    private readonly Dictionary<(Guid Subject, StreamId Stream), PendingGap> _gaps = [];

    public int Count => _gaps.Count;

    public Dictionary<(Guid Subject, StreamId Stream), PendingGap>.Enumerator GetEnumerator() => _gaps.GetEnumerator();

    public GapExtension Extend(Guid subject, StreamId stream, ulong offset, ulong length, ulong fromTime, ulong toTime)
    {
        ref PendingGap gap = ref CollectionsMarshal.GetValueRefOrAddDefault(_gaps, (subject, stream), out bool exists);
        if (!exists)
            gap = new PendingGap { Offset = offset, FromTime = fromTime };
        else if (gap.Offset + gap.Length != offset)
            return GapExtension.NotAdjacent;
        gap.Length += length;
        gap.ToTime = Math.Max(gap.ToTime, toTime);
        return GapExtension.Extended;
    }

    public bool TryGet(Guid subject, StreamId stream, [MaybeNullWhen(false)] out PendingGap gap) => _gaps.TryGetValue((subject, stream), out gap);

    public void Remove(Guid subject, StreamId stream) => _gaps.Remove((subject, stream));

    public void Clear() => _gaps.Clear();
}
