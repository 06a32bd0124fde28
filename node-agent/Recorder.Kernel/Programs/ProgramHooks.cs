using Recorder.Kernel.Host;
using Recorder.Kernel.Pins;

namespace Recorder.Kernel.Programs;

/// <summary>The links of all programs. Used by the caller's thread and by the ring's.</summary>
internal sealed class ProgramHooks : IDisposable
{
    private readonly PinLayout? _pins;
    private readonly LinkFailures _failures;
    private readonly LinkGroup _lifecycle;
    private readonly LinkGroup _streams;
    private readonly LinkGroup _tracepoints;
    private readonly TracepointThread _thread;
    private readonly AttachmentHistory _history = new();

    public ProgramHooks(KernelObjects objects, PinLayout? pins, Action<CaptureNotice> notice)
    {
        _pins = pins;
        _failures = new LinkFailures(notice);
        _lifecycle = Group(s => s.Role == ProgramRole.Lifecycle);
        _streams = Group(s => s.Role == ProgramRole.Stream && !s.IsTracepoint);
        _tracepoints = Group(s => s.Role == ProgramRole.Stream && s.IsTracepoint);
        _thread = new TracepointThread(_tracepoints, () => _pins?.Tracepoints);

        LinkGroup Group(Func<ProgramSpec, bool> belongs) =>
            new(objects, [.. objects.Specs.Where(belongs).OrderByDescending(s => s.Required)], _failures);
    }

    /// <summary>Since when the stream programs are attached, boot time; 0: they are not.</summary>
    public ulong StreamsAttachedSince => _history.Since;

    public bool WereStreamsAttached(ulong time) => _history.Covers(time);

    public long Failures => _failures.Count;

    /// <summary>A required program that should be attached and is not.</summary>
    public ProgramSpec? Missing => _lifecycle.Missing ?? _streams.Missing ?? _tracepoints.Missing;

    public bool IsAttached(string program) =>
        _lifecycle.Contains(program) || _streams.Contains(program) || _tracepoints.Contains(program);

    /// <summary>Takes over the links that are pinned.</summary>
    public void Adopt(PinLayout layout)
    {
        _lifecycle.Adopt(layout.Links);
        _tracepoints.Adopt(layout.Tracepoints);
        if (layout.Streams is not { } streams)
            return;
        _streams.Adopt(streams.Directory);
        _history.Begin(streams.Since);
    }

    /// <summary>Attaches everything. <see cref="Missing"/> says what could not be.</summary>
    public void AttachAll()
    {
        _lifecycle.Attach(() => _pins?.Links);
        _thread.Start();
        AttachStreams();
        _thread.Settle();
    }

    /// <summary>
    /// Attaches the stream programs that are not attached: when this returns, system calls that end are seen. Those that
    /// sample echo at a write's beginning follow at once, or up to 200 ms later where they were just being detached.
    /// </summary>
    public void AttachStreams()
    {
        _thread.Want(attached: true);
        _streams.Attach(() =>
        {
            if (_streams.Missing is not null)
                return null; // not yet: the timer tries again
            if (_history.Since == 0)
                _history.Begin(BootClock.Now());
            return _pins?.StreamsDirectory(_history.Since);
        });
    }

    public void DetachStreams()
    {
        _history.End(BootClock.Now());
        _thread.Want(attached: false);
        _streams.Detach(() => _pins?.Streams?.Directory);
    }

    /// <summary>Detaches everything and removes the links' pins.</summary>
    public void DetachAll()
    {
        DetachStreams();
        _lifecycle.Detach(() => _pins?.Links);
        _thread.Stop();
        _tracepoints.Detach(() => _pins?.Tracepoints);
    }

    /// <summary>Closes the links: pinned ones stay attached, others are detached.</summary>
    public void Dispose()
    {
        _thread.Stop();
        _tracepoints.Release();
        _streams.Release();
        _lifecycle.Release();
    }
}
