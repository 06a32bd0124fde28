using System.Buffers;
using Microsoft.Extensions.Logging;
using Recorder.Agent.Hosting;
using Recorder.Agent.Sessions;
using Recorder.Agent.Uplink;
using Recorder.Wire;

namespace Recorder.Agent.Pipeline;

/// <summary>How large the queue and its batches may become.</summary>
/// <param name="QueueBytes">Bound of everything that is kept.</param>
/// <param name="BatchBytes">Size at which a batch is cut.</param>
/// <param name="BatchInterval">Age at which a batch is cut.</param>
internal sealed record FrameQueueLimits(long QueueBytes, long BatchBytes, TimeSpan BatchInterval)
{
    /// <summary>What stream bytes may fill; the rest is kept for the frames that say what was lost.</summary>
    public long DataBytes => QueueBytes - (QueueBytes / 20);

    /// <summary>What must be free again before stream bytes are taken after an overflow, so that gaps are few and long.</summary>
    public long RecoveredBytes => DataBytes - (DataBytes / 8);
}

/// <summary>
/// Numbers frames, encodes them straight into the batch that is being built and cuts it. Used by the tracker's thread alone.
/// </summary>
/// <remarks>
/// 1. A number is given to what is written, so the sequence has no holes: what is dropped never had one.
/// 2. Stream bytes are dropped when the queue is full, and become one SPOOL_FULL gap for each stream, of exact length.
/// 3. A stream's gap is written before anything else of that stream, as soon as there is room or something must follow it.
/// 4. Other frames, gaps included, may use the reserve too. Where even that is full, snapshots, gaps and ends wait outside of it until there is
///    room, and stream bytes go on being dropped meanwhile; what only adds detail (processes, connections, sizes) is lost, counted and reported.
/// </remarks>
internal sealed partial class FrameQueue : IFrameSink, IDisposable
{
    // Header and body fields of a DATA frame other than its bytes, at most.
    private const int DataOverhead = 64;

    // Type, number, time and subject.
    private const int HeaderElements = 4;

    // A batch may have 65,536 sections: even if each frame had another subject, this many always fit.
    private const int FramesPerBatch = 60_000;

    private readonly Guid _origin;
    private BatchBuilder _builder;
    private readonly BatchQueue _queue;
    private readonly FrameQueueLimits _limits;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly PendingGaps _gaps = new();
    private readonly DeferredFrames _deferred = new();
    private long _opened;
    private bool _full;
    private bool _urgent;
    private long _droppedBefore;

    public FrameQueue(Guid origin, BatchBuilder builder, BatchQueue queue, FrameQueueLimits limits, TimeProvider time, ILogger logger)
    {
        _origin = origin;
        _builder = builder;
        _queue = queue;
        _limits = limits;
        _time = time;
        _logger = logger;
    }

    /// <summary>Stream bytes that became SPOOL_FULL gaps.</summary>
    public long DroppedBytes { get; private set; }

    /// <summary>Frames that found no room at all.</summary>
    public long LostFrames { get; private set; }

    /// <summary>Frames written.</summary>
    public ulong Frames => _builder.NextSeq - 1;

    /// <summary>Everything that is kept, bytes.</summary>
    public long UsedBytes => _queue.Bytes + (_builder.FrameCount > 0 ? _builder.Size : 0);

    /// <summary>How long the batch being built may still wait; null when it is empty.</summary>
    public TimeSpan? UntilCut
    {
        get
        {
            if (_builder.FrameCount == 0)
                return null;
            TimeSpan left = _urgent ? TimeSpan.Zero : _limits.BatchInterval - _time.GetElapsedTime(_opened);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    /// <summary>Cuts the batch when it is due, and writes waiting gaps when there is room again.</summary>
    public void CutIfDue()
    {
        TryWriteDeferred();
        if (_full)
            TryRecover();
        if (UntilCut == TimeSpan.Zero)
            Cut();
    }

    /// <summary>Cuts whatever there is; gaps that wait are written if there is any room.</summary>
    public void CutAll()
    {
        TryWriteDeferred();
        TryWriteGaps();
        Cut();
    }

    public void Dispose() => _builder.Dispose();

    private void Cut()
    {
        _urgent = false;
        if (_builder.FrameCount == 0)
            return;
        PooledBuffer bytes = new();
        // One array of the right size at once: growing would copy, and could hold twice what is needed.
        bytes.GetSpan(_builder.Size);
        (ulong bootTime, ulong realTime) = NodeClock.Now;
        BatchCut cut = _builder.Cut(bootTime, realTime, bytes);
        _queue.Add(new QueuedBatch(bytes, cut.Header.FirstSeq, cut.Header.LastSeq));
    }

    private bool HasRoomForData(int bytes) => !_full && _deferred.IsEmpty && UsedBytes + bytes + DataOverhead <= _limits.DataBytes;

    private bool MustDefer() => !_deferred.IsEmpty || !HasRoomForControl();

    private bool HasRoomForControl() => UsedBytes < _limits.QueueBytes;

    private bool Admit(FrameType type)
    {
        if (!MustDefer())
            return true;
        Lose(type);
        return false;
    }

    private void Lose(FrameType type)
    {
        LostFrames++;
        // Powers of two: the first is reported at once, a flood is not a line each.
        if ((LostFrames & (LostFrames - 1)) == 0)
            _logger.FramesLost(LostFrames, type.ToString());
    }

    private void Defer(in DeferredFrame frame)
    {
        if (!_deferred.TryAdd(frame))
            Lose(frame.Type);
    }

    private void TryWriteDeferred()
    {
        while (_deferred.TryPeek(out DeferredFrame frame) && HasRoomForControl())
        {
            bool written = frame.Type switch
            {
                FrameType.Session => TryWriteSession(frame.Subject, frame.Time, frame.Snapshot!),
                FrameType.Gap => TryWriteGapFrame(frame.Subject, frame.Time, frame.Gap),
                FrameType.StreamEnd => TryWriteStreamEnd(frame.Subject, frame.Time, frame.StreamEnd),
                _ => TryWriteSessionEnd(frame.Subject, frame.Time, frame.SessionEnd),
            };
            if (!written)
                return;
            _deferred.Remove();
        }
    }

    private IBufferWriter<byte> Begin(Guid subject, int expected = 0)
    {
        if (_builder.FrameCount > 0 && (_builder.Size + expected > _limits.BatchBytes || _builder.FrameCount >= FramesPerBatch))
            Cut();
        if (_builder.FrameCount == 0)
            _opened = _time.GetTimestamp();
        return _builder.BeginFrame(_builder.NextSeq, subject);
    }

    private void Drop(Guid subject, StreamId stream, ulong offset, ulong length, ulong fromTime, ulong toTime)
    {
        if (!_full)
        {
            _full = true;
            _droppedBefore = DroppedBytes;
            _logger.QueueFull(_limits.QueueBytes);
        }

        DroppedBytes += (long)length;
        if (_gaps.Extend(subject, stream, offset, length, fromTime, toTime) == GapExtension.Extended)
            return;
        // The caller left a hole or repeats itself: each piece is told as it came, in order.
        if (TryWriteGap(subject, stream))
            _gaps.Extend(subject, stream, offset, length, fromTime, toTime);
        else
            Lose(FrameType.Gap);
    }

    private void TryRecover()
    {
        if (UsedBytes > _limits.RecoveredBytes || !_deferred.IsEmpty || !TryWriteGaps())
            return;
        _full = false;
        _logger.QueueRecovered(DroppedBytes - _droppedBefore);
    }

    private bool TryWriteGaps()
    {
        while (_gaps.Count > 0)
        {
            // Writing removes the entry, so the walk starts anew each time.
            var walk = _gaps.GetEnumerator();
            walk.MoveNext();
            (Guid subject, StreamId stream) = walk.Current.Key;
            if (!TryWriteGap(subject, stream))
                return false;
        }

        return true;
    }

    // True when nothing of the stream waits any more.
    private bool TryWriteGap(Guid subject, StreamId stream)
    {
        if (!_gaps.TryGet(subject, stream, out PendingGap gap))
            return true;
        if (!HasRoomForControl())
            return false;
        gap.Frame(stream).Write(Begin(subject), _builder.NextSeq, gap.ToTime, subject);
        _builder.EndFrame();
        _gaps.Remove(subject, stream);
        return true;
    }
}
