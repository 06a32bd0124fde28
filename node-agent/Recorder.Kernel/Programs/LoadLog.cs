namespace Recorder.Kernel.Programs;

/// <summary>Finds, in what libbpf and the verifier printed, the program that was refused and the reason.</summary>
internal static class LoadLog
{
    private const string Begin = "-- BEGIN PROG LOAD LOG --";
    private const string End = "-- END PROG LOAD LOG --";
    private const string NoHook = "failed to find kernel BTF type ID";

    private static readonly string[] s_asides =
        ["processed ", "verification time", "stack depth", "peak_states", "cur state:", "old state:"];

    /// <summary>The refused program, or null where the failure was not a program's.</summary>
    public static string? RefusedProgram(string log)
    {
        const string Mark = "prog '";
        string? name = null;
        foreach (string line in log.Split('\n'))
        {
            int at = line.IndexOf(Mark, StringComparison.Ordinal);
            int end = at < 0 ? -1 : line.IndexOf('\'', at + Mark.Length);
            if (end > 0 && line.Contains("fail", StringComparison.Ordinal))
                name = line[(at + Mark.Length)..end];
        }
        return name;
    }

    /// <summary>Whether the program was not loaded because the kernel lacks what it hooks.</summary>
    public static bool IsAbsent(string log) => log.Contains(NoHook, StringComparison.Ordinal);

    /// <summary>The verifier's last line that says something, or libbpf's first, or the error.</summary>
    public static string Reason(string log, string error)
    {
        if (VerifierLine(log) is { } line)
            return line;
        string? first = log.Split('\n').FirstOrDefault(l => l.Contains("fail", StringComparison.Ordinal));
        return first is null ? error : $"{StripPrefix(first)} ({error})";
    }

    private static string? VerifierLine(string log)
    {
        int begin = log.IndexOf(Begin, StringComparison.Ordinal);
        int end = begin < 0 ? -1 : log.IndexOf(End, begin, StringComparison.Ordinal);
        if (end < 0)
            return null;
        return log[(begin + Begin.Length)..end]
            .Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .LastOrDefault(l => !IsAside(l));
    }

    // Statistics, and register states that follow the sentence that counts.
    private static bool IsAside(string line) => s_asides.Any(a => line.StartsWith(a, StringComparison.Ordinal));

    private static string StripPrefix(string line)
    {
        const string Prefix = "libbpf: ";
        return line.StartsWith(Prefix, StringComparison.Ordinal) ? line[Prefix.Length..] : line;
    }
}
