using Recorder.Kernel.Host;
using Recorder.Kernel.Interop;
using Recorder.Kernel.Pins;

namespace Recorder.Kernel.Programs;

/// <summary>The links of the programs. Used by the caller's thread and by the ring's.</summary>
internal sealed class ProgramHooks(KernelObjects objects, PinLayout? pins, Action<CaptureNotice> notice) : IDisposable
{
    // Held while hooks are attached and detached, so that a stop can't overtake the ring's thread in the middle.
    private readonly Lock _gate = new();
    private readonly Dictionary<string, KernelHandle> _lifecycle = [];
    private readonly Dictionary<string, KernelHandle> _streams = [];
    private readonly HashSet<string> _reported = [];
    private ulong _since;
    private long _failures;

    public ulong StreamsAttachedSince => Volatile.Read(ref _since);

    public long Failures => Volatile.Read(ref _failures);

    public bool IsAttached(string program)
    {
        lock (_gate)
            return _lifecycle.ContainsKey(program) || _streams.ContainsKey(program);
    }

    /// <summary>Takes over the links that are pinned.</summary>
    public void Adopt(PinLayout layout)
    {
        lock (_gate)
        {
            Collect(layout.Links, ProgramRole.Lifecycle, _lifecycle);
            if (layout.Streams is not { } streams)
                return;
            Collect(streams.Directory, ProgramRole.Stream, _streams);
            Volatile.Write(ref _since, streams.Since);
        }
    }

    /// <exception cref="ProgramRefusedException">A hook is not there.</exception>
    public void AttachLifecycle()
    {
        lock (_gate)
        {
            foreach (ProgramSpec spec in objects.Specs.Where(s => s.Role == ProgramRole.Lifecycle))
            {
                if (_lifecycle.ContainsKey(spec.Name))
                    continue;
                KernelHandle link = Attach(spec) ?? throw new ProgramRefusedException(spec.Name, "it can't be attached");
                _lifecycle[spec.Name] = link;
                if (pins is not null)
                    PinLayout.Pin(pins.Links, spec.Name, link);
            }
        }
    }

    /// <summary>Attaches the stream programs that are not attached. False where a required one can't be.</summary>
    public bool AttachStreams()
    {
        lock (_gate)
        {
            bool all = true, changed = false;
            foreach (ProgramSpec spec in objects.Specs)
            {
                if (spec.Role != ProgramRole.Stream || _streams.ContainsKey(spec.Name) || !objects.Programs.ContainsKey(spec.Name))
                    continue;
                KernelHandle? link = Attach(spec);
                all &= link is not null || !spec.Required;
                if (link is null)
                    continue;
                _streams[spec.Name] = link;
                changed = true;
            }
            if (changed && _since == 0)
                Volatile.Write(ref _since, BootClock.Now());
            if (changed)
                PinStreams();
            return all;
        }
    }

    public void DetachStreams()
    {
        lock (_gate)
        {
            Volatile.Write(ref _since, 0);
            UnpinStreams();
            Clear(_streams);
        }
    }

    /// <summary>Closes the links: pinned ones stay attached, others are detached.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            Clear(_streams);
            Clear(_lifecycle);
        }
    }

    private static void Clear(Dictionary<string, KernelHandle> links)
    {
        foreach (KernelHandle link in links.Values)
            link.Dispose();
        links.Clear();
    }

    private void Collect(string directory, ProgramRole role, Dictionary<string, KernelHandle> links)
    {
        foreach (ProgramSpec spec in objects.Specs.Where(s => s.Role == role))
        {
            if (PinLayout.Find(directory, spec.Name) is { } link)
                links[spec.Name] = link;
        }
    }

    private KernelHandle? Attach(ProgramSpec spec)
    {
        try
        {
            return ProgramHook.Attach(spec, objects.Programs[spec.Name]);
        }
        catch (CaptureException e)
        {
            _failures++;
            if (_reported.Add(spec.Name)) // tried again at every pending entry: said once
                notice(new(CaptureNoticeKind.AttachFailed, spec.Name, e.Message));
            return null;
        }
    }

    private void PinStreams()
    {
        if (pins is null)
            return;
        try
        {
            string directory = pins.StreamsDirectory(_since);
            foreach ((string name, KernelHandle link) in _streams)
            {
                if (!File.Exists(Path.Combine(directory, PinLayout.PinName(name))))
                    PinLayout.Pin(directory, name, link);
            }
        }
        catch (Exception e) when (e is CaptureException or IOException)
        {
            _failures++;
            notice(new(CaptureNoticeKind.NotPinned, "stream programs", e.Message));
        }
    }

    private void UnpinStreams()
    {
        try
        {
            while (pins?.Streams is { } streams)
                PinLayout.Remove(streams.Directory);
        }
        catch (IOException e)
        {
            _failures++;
            notice(new(CaptureNoticeKind.AttachFailed, "stream programs", "unpinning: " + e.Message));
        }
    }
}
