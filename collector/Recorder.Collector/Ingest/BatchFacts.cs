using Recorder.Wire;

namespace Recorder.Collector.Ingest;

/// <summary>
/// What the metrics count of a batch, and the one rule that its own reader can't know: which frames are about the origin and which
/// about a session.
/// </summary>
internal sealed class BatchFacts
{
    private readonly List<(GapReason Reason, long Bytes)> _gaps = [];

    private BatchFacts()
    {
    }

    public IReadOnlyList<(GapReason Reason, long Bytes)> Gaps => _gaps;

    /// <summary>A NODE frame is among them.</summary>
    public bool HasHeartbeat { get; private set; }

    /// <exception cref="WireFormatException">A frame's subject is of the wrong kind.</exception>
    public static BatchFacts Read(Batch batch)
    {
        var facts = new BatchFacts();
        foreach (var section in batch.Sections)
        {
            bool ofOrigin = section.Subject == batch.Header.Origin;
            foreach (var frame in new FrameReader(section.Frames.Span)) facts.Read(frame, ofOrigin);
        }

        return facts;
    }

    private void Read(in Frame frame, bool ofOrigin)
    {
        var type = frame.Header.Type;
        bool forOrigin = type is FrameType.Probes or FrameType.Node or FrameType.Unrecordable;
        if (!frame.Header.IsAncillary && ofOrigin != forOrigin)
            throw new WireFormatException(RefuseCode.Malformed, 0, $"frame {frame.Header.Seq}: a {type} frame whose subject is {(ofOrigin ? "the origin" : "not the origin")}");

        if (type == FrameType.Node) HasHeartbeat = true;
        if (type != FrameType.Gap) return;
        var body = frame.Body;
        Note(GapFrame.Read(ref body));
    }

    private void Note(GapFrame gap) => _gaps.Add((gap.Reason, (long)Math.Min(gap.Length ?? 0, long.MaxValue)));
}
