using System.Runtime.InteropServices;
using System.Text;
using Recorder.Kernel.Host;
using Recorder.Kernel.Interop;
using Recorder.Kernel.Programs;

namespace Recorder.Kernel;

/// <summary>Loads each program alone, so that each gets its own verdict.</summary>
internal sealed class KernelCheck(byte[] file)
{
    private readonly CaptureOptions _options = new() { RingBytes = CaptureOptions.MinRingBytes, WakeBytes = 0, HostTerminals = true };
    private readonly List<string> _problems = [];

    public CheckReport Run()
    {
        IReadOnlyList<string> missing = Capabilities.Missing();
        HostFacts host = HostFacts.Read(n => _problems.Add($"{n.Subject}: {n.Detail}"));
        return new CheckReport
        {
            Kernel = KernelRelease(),
            HasBtf = File.Exists("/sys/kernel/btf/vmlinux"),
            HasBpffs = Bpffs.Contains(Bpffs.DefaultMount),
            CgroupMode = CgroupMode(),
            MissingCapabilities = missing,
            Programs = missing.Count > 0 ? [] : CheckAll(host),
            Problems = _problems,
        };
    }

    private List<ProgramStatus> CheckAll(HostFacts host)
    {
        IReadOnlyList<ProgramSpec> specs;
        using (var obj = new BpfObject(file))
            specs = obj.Programs;
        return [.. specs.Select(s => CheckOne(s, host))];
    }

    private ProgramStatus CheckOne(ProgramSpec spec, HostFacts host)
    {
        using var obj = new BpfObject(file);
        KernelSettings.Apply(obj, _options, host);
        foreach (ProgramSpec other in obj.Programs.Where(p => p.Name != spec.Name))
            obj.Exclude(other.Name);
        int error = obj.Load(out string log);
        if (error < 0)
        {
            ProgramState state = LoadLog.IsAbsent(log) ? ProgramState.Absent : ProgramState.Refused;
            return new(spec.Name, spec.Section, spec.Required, state, LoadLog.Reason(log, Errno.Describe(error)));
        }
        return ProgramHook.FindAbsence(spec) is { } absence
            ? new(spec.Name, spec.Section, spec.Required, ProgramState.Absent, absence)
            : new(spec.Name, spec.Section, spec.Required, ProgramState.Loaded, "");
    }

    private static string CgroupMode()
    {
        const string Root = "/sys/fs/cgroup";
        if (File.Exists(Path.Combine(Root, "cgroup.controllers")))
            return "v2";
        return File.Exists(Path.Combine(Root, "unified", "cgroup.controllers")) ? "hybrid" : "v1";
    }

    private static unsafe string KernelRelease()
    {
        const int Field = 65; // each of struct utsname's six strings: sysname, nodename, release, version, machine, domain
        byte* name = stackalloc byte[6 * Field];
        if (LibC.UName(name) != 0)
            return RuntimeInformation.OSDescription;
        return Text(2) + " " + Text(4);

        string Text(int index) => Encoding.UTF8.GetString(KernelText.UntilNul(new ReadOnlySpan<byte>(name + (index * Field), Field)));
    }
}
