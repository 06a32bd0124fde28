using System.Runtime.InteropServices;
using Recorder.Wire;

namespace Recorder.Agent.Pipeline;

/// <summary>A frame that must not be lost and found no room: without it a session would stay open for ever, or a loss unknown.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct DeferredFrame(FrameType Type, Guid Subject, ulong Time)
{
    public SessionSnapshot? Snapshot { get; init; }

    public GapFrame Gap { get; init; }

    public StreamEndFrame StreamEnd { get; init; }

    public SessionEndFrame SessionEnd { get; init; }
}

/// <summary>
/// Frames that wait for room, in their order. While there are any, every further one of their kind waits behind them. They are few (a session
/// has a handful) and small, and bounded all the same.
/// </summary>
internal sealed class DeferredFrames
{
    /// <summary>Most frames that wait.</summary>
    public const int Most = 65_536;

    private readonly Queue<DeferredFrame> _frames = new();

    public bool IsEmpty => _frames.Count == 0;

    /// <summary>False when too many wait already.</summary>
    public bool TryAdd(in DeferredFrame frame)
    {
        if (_frames.Count >= Most)
            return false;
        _frames.Enqueue(frame);
        return true;
    }

    public bool TryPeek(out DeferredFrame frame) => _frames.TryPeek(out frame);

    public void Remove() => _frames.Dequeue();
}
