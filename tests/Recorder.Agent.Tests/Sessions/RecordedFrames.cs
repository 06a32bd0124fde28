using Recorder.Agent.Sessions;
using Recorder.Wire;

namespace Recorder.Agent.Tests.Sessions;

/// <summary>A frame that the tracker wrote; the value depends on the type.</summary>
internal sealed record Written(FrameType Type, Guid Subject, ulong Time, object Value);

internal sealed record WrittenData(StreamId Stream, ulong Offset, DataFlags Flags, byte[] Bytes);

/// <summary>Keeps what is written, and checks that streams tile.</summary>
internal sealed class RecordedFrames : IFrameSink
{
    public List<Written> All { get; } = [];

    public IEnumerable<SessionSnapshot> Snapshots => Of<SessionSnapshot>();

    public IEnumerable<GapFrame> Gaps(StreamId stream) => Of<GapFrame>().Where(gap => gap.Stream == stream);

    public IEnumerable<T> Of<T>() => All.Select(frame => frame.Value).OfType<T>();

    public byte[] Bytes(StreamId stream) =>
        [.. Of<WrittenData>().Where(data => data.Stream == stream).OrderBy(data => data.Offset).SelectMany(data => data.Bytes)];

    public string Text(StreamId stream) => System.Text.Encoding.UTF8.GetString(Bytes(stream));

    /// <summary>Checks that DATA and GAP frames of a stream cover [0, total) exactly, each byte once; the total.</summary>
    public ulong ShouldTile(StreamId stream, Guid? subject = null) => ShouldTileFrom(stream, 0, subject);

    /// <summary>The same from an offset on, where an earlier agent wrote what comes before.</summary>
    public ulong ShouldTileFrom(StreamId stream, ulong next, Guid? subject = null)
    {
        var pieces = All.Where(frame => subject is null || frame.Subject == subject).Select(frame => frame.Value switch
        {
            WrittenData data when data.Stream == stream => (data.Offset, Length: (ulong)data.Bytes.Length),
            GapFrame gap when gap.Stream == stream && gap.Length is { } length => (gap.Offset, Length: length),
            _ => (Offset: 0UL, Length: 0UL),
        }).Where(piece => piece.Length > 0).OrderBy(piece => piece.Offset);
        foreach (var (offset, length) in pieces)
        {
            offset.ShouldBe(next, $"{stream}: what follows {next}");
            next += length;
        }

        var ends = All.Where(frame => subject is null || frame.Subject == subject).Select(frame => frame.Value).OfType<StreamEndFrame>();
        ends.Where(end => end.Stream == stream).ShouldHaveSingleItem().Total.ShouldBe(next);
        return next;
    }

    public void Data(Guid subject, ulong time, StreamId stream, ulong offset, DataFlags flags, ReadOnlySpan<byte> bytes) =>
        Add(FrameType.Data, subject, time, new WrittenData(stream, offset, flags, bytes.ToArray()));

    public void Gap(Guid subject, ulong time, in GapFrame gap) => Add(FrameType.Gap, subject, time, gap);

    public void StreamEnd(Guid subject, ulong time, in StreamEndFrame end) => Add(FrameType.StreamEnd, subject, time, end);

    public void Session(Guid subject, ulong time, SessionSnapshot snapshot) => Add(FrameType.Session, subject, time, snapshot);

    public void SessionEnd(Guid subject, ulong time, in SessionEndFrame end) => Add(FrameType.SessionEnd, subject, time, end);

    public void Resize(Guid subject, ulong time, in ResizeFrame size) => Add(FrameType.Resize, subject, time, size);

    public void Fork(Guid subject, ulong time, in ForkFrame fork) => Add(FrameType.Fork, subject, time, fork);

    public void Exec(Guid subject, ulong time, ExecFrame exec) => Add(FrameType.Exec, subject, time, exec);

    public void Exit(Guid subject, ulong time, in ExitFrame exit) => Add(FrameType.Exit, subject, time, exit);

    public void Connect(Guid subject, ulong time, scoped in ConnectFrame connect) =>
        Add(FrameType.Connect, subject, time, (connect.Family, connect.Port, connect.Result, Convert.ToHexString(connect.Address)));

    public void Probes(ulong time, ProbesFrame probes) => Add(FrameType.Probes, Guid.Empty, time, probes);

    public void Unrecordable(ulong time, UnrecordableFrame container) => Add(FrameType.Unrecordable, Guid.Empty, time, container);

    private void Add(FrameType type, Guid subject, ulong time, object value) => All.Add(new Written(type, subject, time, value));
}
