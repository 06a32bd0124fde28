using Recorder.Kernel.Host;
using Recorder.Kernel.Maps;
using Recorder.Kernel.Pins;
using Recorder.Kernel.Programs;

namespace Recorder.Kernel;

/// <summary>What <see cref="KernelCapture.Open"/> works out: the loaded or adopted objects, and the pins.</summary>
internal sealed record CaptureParts : IDisposable
{
    public required KernelObjects Objects { get; init; }

    public required VariablePlaces Variables { get; init; }

    public required SessionFields SessionFields { get; init; }

    public required PinRoot? Root { get; init; }

    /// <summary>Null where nothing is pinned.</summary>
    public required PinLayout? Layout { get; init; }

    public required bool Adopted { get; init; }

    public required IReadOnlyList<RetiredLayout> Retired { get; init; }

    public void Dispose()
    {
        Objects.Dispose();
        Root?.Dispose();
    }
}

/// <summary>Adopts what is pinned where it is this very object with these settings; else loads, and retires what was there.</summary>
internal sealed class CaptureOpening(CaptureOptions options, byte[] file, Action<CaptureNotice> notice)
{
    private readonly List<RetiredLayout> _retired = [];

    public CaptureParts Open()
    {
        var loader = new ObjectLoader(file, options, HostFacts.Read(notice));
        PinRoot? root = PinRoot.Open(options, notice);
        try
        {
            return root is null ? Load(loader, null) : OpenPinned(loader, root);
        }
        catch
        {
            root?.Dispose();
            throw;
        }
    }

    private CaptureParts OpenPinned(ObjectLoader loader, PinRoot root)
    {
        var layout = new PinLayout(Path.Combine(root.Directory, PinLayout.NameOf(file)));
        foreach (PinLayout other in root.Layouts.Where(l => l.Directory != layout.Directory))
            Retire(other, "its programs are another version");

        using var obj = new BpfObject(file);
        PinState state = PinAdoption.TryOpen(layout, obj, loader.Settings(), options.RingBytes, out KernelObjects? objects);
        if (objects is not null)
        {
            notice(new(CaptureNoticeKind.Adopted, layout.Directory, ""));
            return Compose(objects, obj, root, layout, adopted: true);
        }
        if (state == PinState.OtherSettings)
            Retire(layout, "its settings differ");
        else if (state == PinState.Broken)
            RemoveBroken(layout);
        return Load(loader, root, layout);
    }

    private CaptureParts Load(ObjectLoader loader, PinRoot? root, PinLayout? layout = null)
    {
        KernelObjects objects = loader.Load();
        try
        {
            foreach (ProgramStatus p in objects.Unavailable.Values)
                notice(new(CaptureNoticeKind.ProgramUnavailable, p.Name, p.Reason));
            if (layout is not null && !TryPin(layout, objects))
                layout = null;
            using var obj = new BpfObject(file);
            return Compose(objects, obj, root, layout, adopted: false);
        }
        catch
        {
            objects.Dispose();
            throw;
        }
    }

    private CaptureParts Compose(KernelObjects objects, BpfObject obj, PinRoot? root, PinLayout? layout, bool adopted) => new()
    {
        Objects = objects,
        Variables = VariablePlaces.Find(obj.Types),
        SessionFields = SessionFields.Find(obj.Types)
            ?? throw new CaptureException($"the kernel programs have no struct {SessionFields.Struct}"),
        Root = root,
        Layout = layout,
        Adopted = adopted,
        Retired = _retired,
    };

    private void Retire(PinLayout layout, string why)
    {
        RetiredLayout? last = PinRetirement.Retire(layout);
        if (last is not null)
            _retired.Add(last);
        notice(new(CaptureNoticeKind.LayoutRetired, layout.Directory, last is null ? why + "; its sessions can't be read" : why));
    }

    private void RemoveBroken(PinLayout layout)
    {
        RetiredLayout? last = PinRetirement.Retire(layout);
        if (last is not null)
            _retired.Add(last);
        notice(new(CaptureNoticeKind.PinsRemoved, layout.Directory, "the pins are not complete"));
    }

    private bool TryPin(PinLayout layout, KernelObjects objects)
    {
        try
        {
            foreach ((string name, Interop.KernelHandle map) in objects.Maps)
                PinLayout.Pin(layout.Maps, name, map);
            foreach ((string name, Interop.KernelHandle program) in objects.Programs)
                PinLayout.Pin(layout.Programs, name, program);
            return true;
        }
        catch (Exception e) when (e is CaptureException or IOException or UnauthorizedAccessException)
        {
            PinLayout.Remove(layout.Directory);
            notice(new(CaptureNoticeKind.NotPinned, layout.Directory, e.Message));
            return false;
        }
    }
}
