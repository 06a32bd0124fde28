namespace Recorder.Kernel.Programs;

/// <summary>When a program is attached.</summary>
internal enum ProgramRole
{
    /// <summary>From <see cref="KernelCapture.Start"/> on, always.</summary>
    Lifecycle,

    /// <summary>While there is something to record, or always in strict mode.</summary>
    Stream,

    /// <summary>Run over the tasks that are there at the start.</summary>
    Scan,

    /// <summary>Run by a system call of ours.</summary>
    Command,
}

/// <summary>A program as the object describes it.</summary>
internal sealed record ProgramSpec(string Name, string Section, int Type, int AttachType)
{
    private const int TypeTracepoint = 5; // BPF_PROG_TYPE_TRACEPOINT

    private static readonly HashSet<string> s_lifecycle = ["on_cgroup_attach", "on_exec", "on_fork", "on_exit"];

    // The enter programs see that echo was off before a password was written: without them some leak.
    private static readonly HashSet<string> s_requiredStream = ["on_sys_exit", "on_sys_enter_write", "on_sys_enter_writev"];

    public ProgramRole Role { get; } =
        s_lifecycle.Contains(Name) ? ProgramRole.Lifecycle
        : Section.StartsWith("iter", StringComparison.Ordinal) ? ProgramRole.Scan
        : Section == "syscall" ? ProgramRole.Command
        : ProgramRole.Stream;

    /// <summary>Whether it is on a classic tracepoint, that is on a perf event.</summary>
    public bool IsTracepoint => Type == TypeTracepoint;

    public bool Required => Role != ProgramRole.Stream || s_requiredStream.Contains(Name);
}
