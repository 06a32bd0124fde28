using Recorder.Wire;

namespace Recorder.Agent.Pipeline;

/// <summary>One method for each type of frame.</summary>
internal sealed partial class FrameQueue
{
    /// <summary>Stream bytes; dropped and accounted for when the queue is full.</summary>
    public void Data(Guid subject, ulong time, StreamId stream, ulong offset, DataFlags flags, ReadOnlySpan<byte> bytes)
    {
        if (_full)
            TryRecover();
        if (!HasRoomForData(bytes.Length))
        {
            Drop(subject, stream, offset, (ulong)bytes.Length, time, time);
            return;
        }

        DataFrame frame = new(stream, offset, flags, bytes);
        frame.Write(Begin(subject, bytes.Length + DataOverhead), _builder.NextSeq, time, subject);
        _builder.EndFrame();
    }

    /// <summary>A gap that was found before the queue. Behind one of the queue's own it becomes a part of it, when that can't be written yet.</summary>
    public void Gap(Guid subject, ulong time, in GapFrame frame)
    {
        if (_deferred.IsEmpty && TryWriteGapFrame(subject, time, frame))
            return;
        if (frame.Length is ulong length)
            Drop(subject, frame.Stream, frame.Offset, length, frame.FromTime, frame.ToTime);
        else
            Defer(new DeferredFrame(FrameType.Gap, subject, time) { Gap = frame });
    }

    public void StreamEnd(Guid subject, ulong time, in StreamEndFrame frame)
    {
        if (!_deferred.IsEmpty || !TryWriteStreamEnd(subject, time, frame))
            Defer(new DeferredFrame(FrameType.StreamEnd, subject, time) { StreamEnd = frame });
    }

    public void Session(Guid subject, ulong time, SessionSnapshot snapshot)
    {
        if (!_deferred.IsEmpty || !TryWriteSession(subject, time, snapshot))
            Defer(new DeferredFrame(FrameType.Session, subject, time) { Snapshot = snapshot });
    }

    /// <summary>All gaps of the session come before its end.</summary>
    public void SessionEnd(Guid subject, ulong time, in SessionEndFrame frame)
    {
        if (!_deferred.IsEmpty || !TryWriteSessionEnd(subject, time, frame))
            Defer(new DeferredFrame(FrameType.SessionEnd, subject, time) { SessionEnd = frame });
    }

    public void Resize(Guid subject, ulong time, in ResizeFrame frame)
    {
        if (!Admit(FrameType.Resize))
            return;
        frame.Write(Begin(subject), _builder.NextSeq, time, subject);
        _builder.EndFrame();
    }

    public void Fork(Guid subject, ulong time, in ForkFrame frame)
    {
        if (!Admit(FrameType.Fork))
            return;
        frame.Write(Begin(subject), _builder.NextSeq, time, subject);
        _builder.EndFrame();
    }

    public void Exec(Guid subject, ulong time, ExecFrame frame)
    {
        if (!Admit(FrameType.Exec))
            return;
        frame.Write(Begin(subject), _builder.NextSeq, time, subject);
        _builder.EndFrame();
    }

    public void Exit(Guid subject, ulong time, in ExitFrame frame)
    {
        if (!Admit(FrameType.Exit))
            return;
        frame.Write(Begin(subject), _builder.NextSeq, time, subject);
        _builder.EndFrame();
    }

    public void Connect(Guid subject, ulong time, scoped in ConnectFrame frame)
    {
        if (!Admit(FrameType.Connect))
            return;
        frame.Write(Begin(subject), _builder.NextSeq, time, subject);
        _builder.EndFrame();
    }

    public void Probes(ulong time, ProbesFrame frame)
    {
        if (!Admit(FrameType.Probes))
            return;
        frame.Write(Begin(_origin), _builder.NextSeq, time, _origin);
        _builder.EndFrame();
    }

    public void Node(ulong time, NodeFrame frame)
    {
        if (!Admit(FrameType.Node))
            return;
        frame.Write(Begin(_origin), _builder.NextSeq, time, _origin);
        _builder.EndFrame();
    }

    public void Unrecordable(ulong time, UnrecordableFrame frame)
    {
        if (!Admit(FrameType.Unrecordable))
            return;
        frame.Write(Begin(_origin), _builder.NextSeq, time, _origin);
        _builder.EndFrame();
    }

    private bool TryWriteGapFrame(Guid subject, ulong time, in GapFrame frame)
    {
        if (!TryWriteGap(subject, frame.Stream) || !HasRoomForControl())
            return false;
        frame.Write(Begin(subject), _builder.NextSeq, time, subject);
        _builder.EndFrame();
        return true;
    }

    private bool TryWriteStreamEnd(Guid subject, ulong time, in StreamEndFrame frame)
    {
        if (!TryWriteGap(subject, frame.Stream) || !HasRoomForControl())
            return false;
        frame.Write(Begin(subject), _builder.NextSeq, time, subject);
        _builder.EndFrame();
        return true;
    }

    private bool TryWriteSession(Guid subject, ulong time, SessionSnapshot snapshot)
    {
        if (!HasRoomForControl())
            return false;
        new SessionFrame(snapshot).Write(Begin(subject), _builder.NextSeq, time, subject);
        _builder.EndFrame();
        _urgent = true;
        return true;
    }

    private bool TryWriteSessionEnd(Guid subject, ulong time, in SessionEndFrame frame)
    {
        bool gapsWritten = TryWriteGap(subject, StreamId.In) & TryWriteGap(subject, StreamId.Out) & TryWriteGap(subject, StreamId.Err);
        if (!gapsWritten || !HasRoomForControl())
            return false;
        frame.Write(Begin(subject), _builder.NextSeq, time, subject);
        _builder.EndFrame();
        _urgent = true;
        return true;
    }
}
