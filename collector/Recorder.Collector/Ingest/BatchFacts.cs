using Recorder.Wire;

namespace Recorder.Collector.Ingest;

/// <summary>
/// Reads the body of every frame once: what is malformed must be refused before it is stored, and what the metrics
/// count is known only here.
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

    /// <exception cref="WireFormatException">A body breaks FORMAT.md, or a frame's subject is of the wrong kind.</exception>
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

        var body = frame.Body;
        switch (type)
        {
            case FrameType.Session: SessionFrame.Read(ref body); break;
            case FrameType.Data: DataFrame.Read(ref body); break;
            case FrameType.Gap: Note(GapFrame.Read(ref body)); break;
            case FrameType.StreamEnd: StreamEndFrame.Read(ref body); break;
            case FrameType.SessionEnd: SessionEndFrame.Read(ref body); break;
            case FrameType.Resize: ResizeFrame.Read(ref body); break;
            case FrameType.Fork: ForkFrame.Read(ref body); break;
            case FrameType.Exec: ExecFrame.Read(ref body); break;
            case FrameType.Exit: ExitFrame.Read(ref body); break;
            case FrameType.Connect: ConnectFrame.Read(ref body); break;
            case FrameType.Probes: ProbesFrame.Read(ref body); break;
            case FrameType.Unrecordable: UnrecordableFrame.Read(ref body); break;
            case FrameType.Node:
                NodeFrame.Read(ref body);
                HasHeartbeat = true;
                break;
        }
    }

    private void Note(GapFrame gap) => _gaps.Add((gap.Reason, (long)Math.Min(gap.Length ?? 0, long.MaxValue)));
}
