using Recorder.Wire;

namespace Recorder.Storage;

/// <summary>The rows of a group of batches for every table, encoded in one pass. Used again after <see cref="Clear"/>.</summary>
internal sealed class BatchRows : IDisposable
{
    private readonly RowWriter _frames = new();
    private readonly RowWriter _batches = new();
    private readonly RowWriter _sessions = new();
    private readonly RowWriter _processes = new();
    private readonly RowWriter _connections = new();
    private readonly RowWriter _heartbeats = new();
    private readonly RowWriter _probes = new();
    private readonly RowWriter _unrecordable = new();
    private readonly HashSet<Guid> _subjects = [];
    private readonly HashSet<Guid> _ended = [];

    /// <summary>Frames encoded.</summary>
    public int Frames => _frames.Rows;

    /// <summary>Bytes of all rows.</summary>
    public long Bytes => Projections.Sum(table => (long)table.Rows.Length) + _batches.Length;

    /// <summary>Sessions that have frames in the group.</summary>
    public IReadOnlyCollection<Guid> Subjects => _subjects;

    /// <summary>Those that end in it.</summary>
    public IReadOnlyCollection<Guid> Ended => _ended;

    /// <summary>The table that makes the group durable, to be written last.</summary>
    public (string Into, RowWriter Rows) Batches => (OriginRows.IntoBatches, _batches);

    /// <summary>Frames and everything that is made from them, in no order.</summary>
    public IEnumerable<(string Into, RowWriter Rows)> Projections =>
    [
        (FrameRows.Into, _frames), (SessionRows.Into, _sessions), (ProcessRows.Into, _processes),
        (ProcessRows.IntoConnections, _connections), (OriginRows.IntoHeartbeats, _heartbeats), (OriginRows.IntoProbes, _probes),
        (OriginRows.IntoUnrecordable, _unrecordable),
    ];

    /// <summary>Encodes a batch.</summary>
    /// <exception cref="WireFormatException">A frame's values aren't those of its type. The rows are then of no use.</exception>
    public void Add(Batch batch, long received)
    {
        Span<byte> hash = stackalloc byte[WireLimits.Hash];
        batch.Hash.CopyTo(hash);
        foreach (BatchSection section in batch.Sections)
        {
            if (section.Subject != batch.Header.Origin) _subjects.Add(section.Subject);
            foreach (Frame frame in new FrameReader(section.Frames.Span))
            {
                FrameRows.Append(_frames, batch.Header, hash, frame);
                Project(batch.Header, frame);
            }
        }
        OriginRows.Append(_batches, batch, received);
    }

    public void Clear()
    {
        foreach (var (_, rows) in Projections) rows.Clear();
        _batches.Clear();
        _subjects.Clear();
        _ended.Clear();
    }

    public void Dispose()
    {
        foreach (var (_, rows) in Projections) rows.Dispose();
        _batches.Dispose();
    }

    private void Project(BatchHeader batch, in Frame frame)
    {
        FrameHeader header = frame.Header;
        MessagePackReader body = frame.Body;
        switch (header.Type)
        {
            case FrameType.Session:
                SessionSnapshot snapshot = SessionFrame.Read(ref body).Snapshot;
                SessionRows.Append(_sessions, batch, header, snapshot);
                if (snapshot.State == SessionState.Ended) _ended.Add(header.Subject);
                break;
            case FrameType.SessionEnd:
                _ended.Add(header.Subject);
                break;
            case FrameType.Fork:
                ProcessRows.Append(_processes, batch, header, ForkFrame.Read(ref body));
                break;
            case FrameType.Exec:
                ProcessRows.Append(_processes, batch, header, ExecFrame.Read(ref body));
                break;
            case FrameType.Exit:
                ProcessRows.Append(_processes, batch, header, ExitFrame.Read(ref body));
                break;
            case FrameType.Connect:
                ProcessRows.Append(_connections, batch, header, ConnectFrame.Read(ref body));
                break;
            case FrameType.Resize:
                _ = ResizeFrame.Read(ref body);
                break;
            default:
                ProjectOrigin(batch, header, ref body);
                break;
        }
    }

    private void ProjectOrigin(BatchHeader batch, in FrameHeader header, ref MessagePackReader body)
    {
        switch (header.Type)
        {
            case FrameType.Node:
                OriginRows.Append(_heartbeats, batch, header, NodeFrame.Read(ref body));
                break;
            case FrameType.Probes:
                OriginRows.Append(_probes, batch, header, ProbesFrame.Read(ref body));
                break;
            case FrameType.Unrecordable:
                OriginRows.Append(_unrecordable, batch, header, UnrecordableFrame.Read(ref body));
                break;
        }
    }
}
