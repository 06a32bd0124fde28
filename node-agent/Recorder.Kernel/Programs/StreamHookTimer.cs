using Recorder.Kernel.Maps;

namespace Recorder.Kernel.Programs;

/// <summary>Decides, on the ring's thread, when the stream programs are attached and detached.</summary>
internal sealed class StreamHookTimer(ProgramHooks hooks, ProgramVariables variables, CaptureOptions options)
{
    // Records are submitted without a wake-up until WakeBytes stand in the ring: this is how long the first may wait.
    private const int BusyMilliseconds = 20;
    private const int QuietMilliseconds = 100;

    private readonly bool _lazy = options.Mode == CaptureMode.Lazy;
    private long _lastNeeded = Environment.TickCount64;
    private volatile bool _frozen;

    /// <summary>An entry came: attach now, before the next record is read.</summary>
    public void Attach()
    {
        _lastNeeded = Environment.TickCount64;
        if (hooks.StreamsAttachedSince == 0)
            hooks.AttachStreams();
    }

    /// <summary>No detaching any more: the capture ends.</summary>
    public void Freeze() => _frozen = true;

    /// <summary>Between batches; returns for how many milliseconds to sleep at most.</summary>
    public int Tick()
    {
        if (!_lazy || _frozen)
            return BusyMilliseconds;
        if (variables.NeedsStreams)
            Attach(); // also where the PENDING record itself was lost
        else if (hooks.StreamsAttachedSince != 0 && Environment.TickCount64 - _lastNeeded >= (long)options.Linger.TotalMilliseconds)
            hooks.DetachStreams();
        return hooks.StreamsAttachedSince != 0 ? BusyMilliseconds : QuietMilliseconds;
    }
}
