using Recorder.Kernel;

namespace Recorder.Agent.Check;

/// <summary>Names what a kernel lacks, one line each.</summary>
internal static class MissingFeatures
{
    public static IReadOnlyList<string> Of(CheckReport report)
    {
        List<string> missing = [];
        if (!report.HasBtf)
            missing.Add("it does not describe its types: /sys/kernel/btf/vmlinux is missing (CONFIG_DEBUG_INFO_BTF)");
        foreach (ProgramStatus program in report.Programs)
        {
            if (program is { Required: true, State: ProgramState.Absent or ProgramState.Refused })
                missing.Add($"program {program.Name} ({program.Section}) is {program.State.ToString().ToLowerInvariant()}: {program.Reason}");
        }

        return missing;
    }
}
