namespace Recorder.Kernel;

/// <summary>What this kernel offers.</summary>
public sealed record CheckReport
{
    /// <summary>uname's release and machine.</summary>
    public required string Kernel { get; init; }

    /// <summary>Whether the kernel describes its types (/sys/kernel/btf/vmlinux).</summary>
    public required bool HasBtf { get; init; }

    /// <summary>Whether a bpffs is mounted at /sys/fs/bpf.</summary>
    public required bool HasBpffs { get; init; }

    /// <summary>"v1", "v2" or "hybrid".</summary>
    public required string CgroupMode { get; init; }

    /// <summary>Capabilities that are needed and missing.</summary>
    public required IReadOnlyList<string> MissingCapabilities { get; init; }

    /// <summary>Each program, as if it alone were loaded. Empty where capabilities are missing.</summary>
    public required IReadOnlyList<ProgramStatus> Programs { get; init; }

    /// <summary>What else is wrong: a line each.</summary>
    public required IReadOnlyList<string> Problems { get; init; }

    /// <summary>Whether capture would start.</summary>
    public bool Usable =>
        HasBtf && MissingCapabilities.Count == 0 && Programs.Count > 0
        && Programs.All(p => !p.Required || p.State is ProgramState.Loaded or ProgramState.Attached);

    /// <summary>The report, a line each, as <c>recorder-agent --check</c> prints it.</summary>
    public IEnumerable<string> Lines()
    {
        yield return $"kernel      {Kernel}";
        yield return $"btf         {(HasBtf ? "yes" : "no: /sys/kernel/btf/vmlinux is missing (CONFIG_DEBUG_INFO_BTF)")}";
        yield return $"bpffs       {(HasBpffs ? "yes" : "no: /sys/fs/bpf is no bpffs; nothing can be pinned until one is mounted")}";
        yield return $"cgroup      {CgroupMode}";
        yield return $"privileges  {(MissingCapabilities.Count == 0 ? "yes" : "missing " + string.Join(", ", MissingCapabilities))}";
        foreach (ProgramStatus p in Programs)
            yield return $"program     {p.Name} ({(p.Required ? "required" : "optional")}): {Describe(p)}";
        foreach (string problem in Problems)
            yield return $"problem     {problem}";
        yield return $"capture     {(Usable ? "possible" : "not possible")}";
    }

    private static string Describe(ProgramStatus p) => p.State switch
    {
        ProgramState.Absent => "absent: " + p.Reason,
        ProgramState.Refused => "refused: " + p.Reason,
        _ => "accepted",
    };
}
