using Recorder.Agent.Masking;
using Recorder.Wire;

namespace Recorder.Agent.Sessions;

/// <summary>How a stream goes on after the agent was down.</summary>
internal sealed partial class RecordedStream
{
    private ulong? _first;
    private ulong _firstTime;
    private ulong _downSince;
    private bool _wasMasking;
    private ulong? _stored;
    private bool _askStored;

    /// <summary>False while it isn't known which kernel offset comes next, since an earlier agent died after it stored its state.</summary>
    public bool IsPositioned { get; private set; } = true;

    /// <summary>Whether it waits to be told how much of it the collector has.</summary>
    public bool AwaitsStored => _askStored && _stored is null;

    /// <summary>Goes on where an agent left off that could store everything: nothing is missing.</summary>
    public void Continue(ulong next, ulong shift) => (Next, Shift) = (next, shift);

    /// <summary>Goes on at a stream offset under a new load of the kernel programs, whose offsets begin at 0.</summary>
    public void ContinueAt(ulong offset) => (Next, Shift) = (0, offset);

    /// <summary>
    /// Goes on after an agent that died: what it took from the ring since the collector's last frame is lost. Where this agent begins
    /// shows with its first record.
    /// </summary>
    public void ContinueAfterCrash(StoredStream stored, ulong downSince)
    {
        Shift = stored.Shift;
        _wasMasking = stored.IsMasking;
        _downSince = downSince;
        IsPositioned = false;
        _askStored = true;
    }

    /// <summary>
    /// Goes on after the programs were replaced: up to the old ones' total everything is lost that the earlier agent didn't write.
    /// </summary>
    public void ContinueRetired(ulong time, StoredStream stored, ulong kernelTotal, bool clean, ulong downSince)
    {
        _downSince = downSince;
        _wasMasking = stored.IsMasking;
        ContinueAt(RoundUp(kernelTotal + stored.Shift));
        (_first, _firstTime) = (Shift, time);
        if (clean)
            _stored = stored.Next + stored.Shift;
        else
            _askStored = true;
        WriteDown(time);
    }

    /// <summary>It ended in an earlier agent's time; <paramref name="ask"/>: it isn't known whether all of it arrived.</summary>
    public void MarkEnded(StoredStream stored, bool ask, ulong downSince, ulong now)
    {
        (HasEnded, Total, EndCause) = (true, stored.Total, stored.EndCause);
        (_first, _firstTime, _downSince) = (stored.Total, now, downSince);
        _askStored = ask && IsObserved;
    }

    /// <summary>Says again how it ended, where it isn't known whether that was stored.</summary>
    public void RepeatEnd(ulong time) => _sink.StreamEnd(_owner.Id, time, new StreamEndFrame(Stream, Total, EndCause));

    /// <summary>The collector has everything up to this stream offset: what lies between that and this agent's first byte is lost.</summary>
    public void Stored(ulong time, ulong end)
    {
        if (!AwaitsStored)
            return;
        _stored = end;
        WriteDown(time);
    }

    /// <summary>This agent's first byte.</summary>
    private void SetFirst(ulong time, ulong offset)
    {
        IsPositioned = true;
        Next = offset;
        Shift = RoundUp(offset + Shift) - offset;
        _first = offset + Shift;
        _firstTime = time;
        _owner.Persist();
        WriteDown(time);
    }

    private void WriteDown(ulong time)
    {
        if (_first is { } first && _stored is { } stored && stored < first)
            WriteGap(time, stored, first - stored, GapReason.AgentDown, GapPlace.Agent, _downSince, _firstTime);
    }

    /// <summary>Where the agent died while a password was being typed, what is lost is rounded up as a masked length is.</summary>
    private ulong RoundUp(ulong offset) => _wasMasking
        ? (offset + MaskedRun.Granule - 1) / MaskedRun.Granule * MaskedRun.Granule
        : offset;
}
