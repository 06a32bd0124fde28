using Recorder.Kernel.Interop;
using Recorder.Kernel.Maps;
using Recorder.Kernel.Programs;

namespace Recorder.Kernel.Pins;

/// <summary>What pins of this object were found to be.</summary>
internal enum PinState
{
    /// <summary>None are there.</summary>
    None,

    /// <summary>Some are missing or can't be opened.</summary>
    Broken,

    /// <summary>Whole, with other settings or another ring size.</summary>
    OtherSettings,

    /// <summary>Whole and as asked for.</summary>
    Usable,
}

/// <summary>Opens the pins of a layout of the very object that would be loaded.</summary>
internal static class PinAdoption
{
    /// <summary>Finds out what is pinned, and where it is usable gives its descriptors.</summary>
    public static PinState TryOpen(PinLayout layout, BpfObject obj, byte[] settings, int ringBytes, out KernelObjects? objects)
    {
        objects = null;
        if (!Directory.Exists(layout.Directory))
            return PinState.None;
        if (!layout.IsComplete)
            return PinState.Broken;
        KernelObjects found = OpenAll(layout, obj);
        PinState state = Judge(layout, found, settings, ringBytes);
        if (state == PinState.Usable)
            objects = found;
        else
            found.Dispose();
        return state;
    }

    private static KernelObjects OpenAll(PinLayout layout, BpfObject obj)
    {
        var programs = new Dictionary<string, KernelHandle>();
        var maps = new Dictionary<string, KernelHandle>();
        var unavailable = new Dictionary<string, ProgramStatus>();
        foreach (ProgramSpec spec in obj.Programs)
        {
            if (PinLayout.Find(layout.Programs, spec.Name) is { } program)
                programs[spec.Name] = program;
            else
                unavailable[spec.Name] = new(spec.Name, spec.Section, spec.Required, ProgramState.Refused, "not in the adopted pins");
        }
        foreach (string name in obj.MapNames)
        {
            if (PinLayout.Find(layout.Maps, name) is { } map)
                maps[name] = map;
        }
        return new KernelObjects { Specs = obj.Programs, Programs = programs, Maps = maps, Unavailable = unavailable };
    }

    private static PinState Judge(PinLayout layout, KernelObjects found, byte[] settings, int ringBytes)
    {
        bool whole = found.Unavailable.Values.All(p => !p.Required)
            && found.Specs.Where(s => s.Role == ProgramRole.Lifecycle)
                .All(s => File.Exists(Path.Combine(layout.Links, PinLayout.PinName(s.Name))));
        if (!whole || !found.Maps.TryGetValue("events", out KernelHandle? ring)
            || !found.Maps.TryGetValue(KernelSettings.Section, out KernelHandle? section)
            || !found.Maps.ContainsKey(VariablePlaces.Section))
        {
            return PinState.Broken;
        }
        return ObjectInfo.ReadMap(ring).MaxEntries == ringBytes && ReadSettings(section).AsSpan().SequenceEqual(settings)
            ? PinState.Usable
            : PinState.OtherSettings;
    }

    private static unsafe byte[] ReadSettings(KernelHandle section)
    {
        var value = new byte[ObjectInfo.ReadMap(section).ValueSize];
        uint key = 0;
        fixed (byte* bytes = value)
        {
            int error = LibBpf.MapLookup(section, &key, bytes);
            return error < 0 ? [] : value;
        }
    }
}
