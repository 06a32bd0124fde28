using Recorder.Kernel.Interop;
using Recorder.Kernel.Pins;

namespace Recorder.Kernel.Programs;

/// <summary>Links that are attached and detached together. Thread-safe.</summary>
internal sealed class LinkGroup(KernelObjects objects, IReadOnlyList<ProgramSpec> specs, LinkFailures failures)
{
    // Held while links come and go, so that a stop can't overtake another thread in the middle.
    private readonly Lock _gate = new();
    private readonly Dictionary<string, KernelHandle> _links = [];

    /// <summary>The first required program that is not attached; null: all are.</summary>
    public ProgramSpec? Missing
    {
        get
        {
            lock (_gate)
                return specs.FirstOrDefault(s => s.Required && !_links.ContainsKey(s.Name));
        }
    }

    public bool Contains(string program)
    {
        lock (_gate)
            return _links.ContainsKey(program);
    }

    /// <summary>Takes over links that are pinned.</summary>
    public void Adopt(string directory)
    {
        lock (_gate)
        {
            foreach (ProgramSpec spec in specs)
            {
                if (PinLayout.Find(directory, spec.Name) is { } link)
                    _links[spec.Name] = link;
            }
        }
    }

    /// <summary>Attaches and pins what is not attached. What fails is told and counted, and tried again at the next call.</summary>
    /// <param name="pinDirectory">Asked after attaching; null: not pinned.</param>
    public void Attach(Func<string?> pinDirectory)
    {
        lock (_gate)
        {
            bool changed = false;
            foreach (ProgramSpec spec in specs)
            {
                if (_links.ContainsKey(spec.Name) || !objects.Programs.TryGetValue(spec.Name, out KernelHandle? program))
                    continue;
                if (TryAttach(spec, program) is not { } link)
                    continue;
                _links[spec.Name] = link;
                changed = true;
            }
            if (changed && pinDirectory() is { } directory)
                Pin(directory);
        }
    }

    /// <summary>Detaches all: their pins go first, else the links would live on in them.</summary>
    public void Detach(Func<string?> pinDirectory)
    {
        lock (_gate)
        {
            try
            {
                while (pinDirectory() is { } directory && Directory.Exists(directory))
                    PinLayout.Remove(directory);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                failures.Tell(CaptureNoticeKind.AttachFailed, "pins", "unpinning: " + e.Message);
            }
            CloseAll();
        }
    }

    /// <summary>Closes the descriptors: what is pinned stays attached.</summary>
    public void Release()
    {
        lock (_gate)
            CloseAll();
    }

    private void CloseAll()
    {
        foreach (KernelHandle link in _links.Values)
            link.Dispose();
        _links.Clear();
    }

    private KernelHandle? TryAttach(ProgramSpec spec, KernelHandle program)
    {
        try
        {
            return ProgramHook.Attach(spec, program);
        }
        catch (Exception e) when (e is CaptureException or IOException or UnauthorizedAccessException)
        {
            failures.Tell(CaptureNoticeKind.AttachFailed, spec.Name, e.Message);
            return null;
        }
    }

    private void Pin(string directory)
    {
        try
        {
            foreach ((string name, KernelHandle link) in _links)
            {
                if (!File.Exists(Path.Combine(directory, PinLayout.PinName(name))))
                    PinLayout.Pin(directory, name, link);
            }
        }
        catch (Exception e) when (e is CaptureException or IOException or UnauthorizedAccessException)
        {
            failures.Tell(CaptureNoticeKind.NotPinned, directory, e.Message);
        }
    }
}

/// <summary>Counts what could not be attached, detached or pinned, and tells of each thing once.</summary>
internal sealed class LinkFailures(Action<CaptureNotice> notice)
{
    private readonly HashSet<(CaptureNoticeKind, string)> _told = [];
    private long _count;

    public long Count => Volatile.Read(ref _count);

    public void Tell(CaptureNoticeKind kind, string subject, string detail)
    {
        Interlocked.Increment(ref _count);
        lock (_told)
        {
            if (!_told.Add((kind, subject)))
                return;
        }
        notice(new(kind, subject, detail));
    }
}
