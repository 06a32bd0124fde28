using Recorder.Kernel.Host;
using Recorder.Kernel.Interop;

namespace Recorder.Kernel.Programs;

/// <summary>Loads the object. Where the kernel refuses an optional program, loads again without it.</summary>
internal sealed class ObjectLoader(byte[] file, CaptureOptions options, HostFacts host)
{
    private readonly Dictionary<string, ProgramStatus> _unavailable = [];

    /// <exception cref="ProgramRefusedException">A required program was refused.</exception>
    /// <exception cref="CaptureException">The load failed for another reason.</exception>
    public KernelObjects Load()
    {
        while (true)
        {
            using BpfObject obj = OpenWithSettings();
            foreach (string name in _unavailable.Keys)
                obj.Exclude(name);
            int error = obj.Load(out string log);
            if (error == 0)
                return Take(obj);
            Exclude(obj, log, Errno.Describe(error));
        }
    }

    /// <summary>The settings as the loaded programs would have them.</summary>
    public byte[] Settings()
    {
        using BpfObject obj = OpenWithSettings();
        return obj.InitialValue(KernelSettings.Section).ToArray();
    }

    private BpfObject OpenWithSettings()
    {
        var obj = new BpfObject(file);
        try
        {
            KernelSettings.Apply(obj, options, host);
            return obj;
        }
        catch
        {
            obj.Dispose();
            throw;
        }
    }

    private void Exclude(BpfObject obj, string log, string error)
    {
        string reason = LoadLog.Reason(log, error);
        ProgramSpec? refused = obj.Programs.FirstOrDefault(p => p.Name == LoadLog.RefusedProgram(log));
        if (refused is null || _unavailable.ContainsKey(refused.Name))
            throw new CaptureException($"the kernel programs can't be loaded: {reason}");
        if (refused.Required)
            throw new ProgramRefusedException(refused.Name, reason);
        ProgramState state = LoadLog.IsAbsent(log) ? ProgramState.Absent : ProgramState.Refused;
        _unavailable[refused.Name] = new ProgramStatus(refused.Name, refused.Section, false, state, reason);
    }

    private KernelObjects Take(BpfObject obj)
    {
        var programs = new Dictionary<string, KernelHandle>();
        var maps = new Dictionary<string, KernelHandle>();
        foreach (ProgramSpec spec in obj.Programs)
        {
            if (obj.TakeProgram(spec.Name) is { } handle)
                programs[spec.Name] = handle;
        }
        foreach (string name in obj.MapNames)
            maps[name] = obj.TakeMap(name);
        return new KernelObjects { Specs = obj.Programs, Programs = programs, Maps = maps, Unavailable = _unavailable };
    }
}
