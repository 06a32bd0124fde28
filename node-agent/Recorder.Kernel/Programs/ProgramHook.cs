using Recorder.Kernel.Host;
using Recorder.Kernel.Interop;

namespace Recorder.Kernel.Programs;

/// <summary>Attaches a program to what its section names. A link's end detaches it, unless it is pinned.</summary>
internal static class ProgramHook
{
    private const int TypeRawTracepoint = 17;
    private const int AttachIterator = 28;
    private const int AttachPerfEvent = 41;

    /// <exception cref="CaptureException">The kernel refused, or has no such hook.</exception>
    public static KernelHandle Attach(ProgramSpec spec, KernelHandle program) => spec.Type switch
    {
        _ when spec.IsTracepoint => AttachTracepoint(spec, program),
        TypeRawTracepoint => KernelHandle.TakeBpf(
            LibBpf.RawTracepointOpen(spec.Section[(spec.Section.IndexOf('/', StringComparison.Ordinal) + 1)..], program), spec.Name),
        _ when spec.AttachType == AttachIterator => KernelHandle.TakeBpf(
            LibBpf.LinkCreate(program, 0, AttachIterator, 0), spec.Name),
        _ => KernelHandle.TakeBpf(LibBpf.RawTracepointOpen(null, program), spec.Name), // the hook was given at the load
    };

    /// <summary>Why the hook is not there, where only attaching would tell; else null.</summary>
    public static string? FindAbsence(ProgramSpec spec) =>
        spec.IsTracepoint && TracepointId(spec) < 0 ? "no tracepoint " + Target(spec) : null;

    private static KernelHandle AttachTracepoint(ProgramSpec spec, KernelHandle program)
    {
        int id = TracepointId(spec);
        if (id < 0)
            throw new CaptureException($"{spec.Name}: no tracepoint {Target(spec)}");
        using KernelHandle e = Tracepoints.OpenEvent(id);
        return KernelHandle.TakeBpf(LibBpf.LinkCreate(program, e.Fd, AttachPerfEvent, 0), spec.Name);
    }

    private static string Target(ProgramSpec spec) =>
        spec.Section[(spec.Section.IndexOf('/', StringComparison.Ordinal) + 1)..];

    private static int TracepointId(ProgramSpec spec)
    {
        // "tp/syscalls/sys_enter_write" or "tracepoint/…"
        string[] parts = Target(spec).Split('/');
        return parts.Length == 2 ? Tracepoints.FindId(parts[0], parts[1]) : -1;
    }
}
