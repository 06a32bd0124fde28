using Recorder.Wire;

namespace Recorder.Storage;

/// <summary>What the newest snapshot says that matters for the verdict.</summary>
internal sealed record SnapshotFacts(Guid Origin, bool Ended, bool Late, string Depth, IReadOnlyDictionary<byte, string> Sources)
{
    public long? EndedAt { get; init; }
}

/// <summary>All frames of a session: whole batches, and frames one at a time by (epoch, seq, batch hash).</summary>
internal sealed class SessionEvidence
{
    private readonly SortedDictionary<byte, StreamTiler> _streams = [];
    private TileRow _last;
    private bool _any;

    /// <summary>Distinct frames.</summary>
    public ulong Frames { get; private set; }

    /// <summary>Frames that are stored with different contents under one number.</summary>
    public ulong DifferingCopies { get; private set; }

    /// <summary>The frames come from more than one origin.</summary>
    public bool HasSeveralOrigins { get; private set; }

    /// <summary>The origin of the first frame.</summary>
    public Guid Origin { get; private set; }

    /// <summary>SESSION_END.</summary>
    public SessionEndFrame? End { get; private set; }

    /// <summary>Its wall time, Unix nanoseconds.</summary>
    public long? EndedAt { get; private set; }

    /// <summary>Streams that have frames.</summary>
    public IReadOnlyDictionary<byte, StreamTiler> Streams => _streams;

    /// <summary>Takes in DATA frames that tile a stretch, each once.</summary>
    public void Add(BatchTiles tiles)
    {
        SeeOrigin(tiles.Origin);
        Frames += tiles.Frames;
        Of(tiles.Stream).AddData(tiles.Start, tiles.End - tiles.Start);
    }

    /// <summary>Takes in a frame.</summary>
    public void Add(in TileRow row)
    {
        bool sameNumber = _any && row.Epoch == _last.Epoch && row.Seq == _last.Seq && row.Origin == _last.Origin;
        bool isCopy = sameNumber && row.Hash == _last.Hash;
        SeeOrigin(row.Origin);
        _last = row;
        _any = true;
        if (isCopy) return;
        Frames++;
        // The frame that came first counts; which of the two is true nobody can tell.
        if (sameNumber) DifferingCopies++;
        else Take(row);
    }

    private void SeeOrigin(Guid origin)
    {
        HasSeveralOrigins |= Origin != default && origin != Origin;
        if (Origin == default) Origin = origin;
    }

    private void Take(in TileRow row)
    {
        switch ((FrameType)row.Type)
        {
            case FrameType.Data:
                Of(row.Stream).AddData(row.Offset, row.Length ?? 0);
                break;
            case FrameType.Gap:
                Of(row.Stream).AddGap(new StreamGap(row.Offset, row.Length, row.Flags, row.Place));
                break;
            case FrameType.StreamEnd:
                Of(row.Stream).AddEnd(row.Offset, (StreamEndCause)row.Flags);
                break;
            case FrameType.SessionEnd:
                End = row.End;
                EndedAt = row.Time;
                break;
        }
    }

    private StreamTiler Of(byte stream)
    {
        if (!_streams.TryGetValue(stream, out StreamTiler? tiler)) _streams.Add(stream, tiler = new StreamTiler());
        return tiler;
    }
}

/// <summary>A frame without its bytes.</summary>
internal readonly record struct TileRow(
    Guid Origin, Guid Epoch, ulong Batch, ulong Seq, UInt128 Hash, byte Type, byte Stream, ulong Offset, ulong? Length, byte Flags, byte Place, long Time,
    SessionEndFrame? End);
