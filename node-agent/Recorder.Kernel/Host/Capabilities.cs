using System.Globalization;

namespace Recorder.Kernel.Host;

/// <summary>The process's effective capabilities, from /proc/self/status (capabilities(7) has the numbers).</summary>
internal static class Capabilities
{
    private static readonly (string Name, int Bit)[] s_needed =
    [
        ("CAP_BPF", 39),        // load programs, make maps
        ("CAP_PERFMON", 38),    // tracing programs that read memory
        ("CAP_SYS_ADMIN", 21),  // pins, BTF by id, bpf_probe_read_user
        ("CAP_SYS_PTRACE", 19), // namespaces and executables of other users' processes
    ];

    /// <summary>Those needed that the process lacks; on a /proc that can't be read, all of them.</summary>
    public static IReadOnlyList<string> Missing()
    {
        ulong effective = Effective();
        return [.. s_needed.Where(c => (effective & (1UL << c.Bit)) == 0).Select(c => c.Name)];
    }

    private static ulong Effective()
    {
        const string Key = "CapEff:";
        foreach (string line in File.ReadLines("/proc/self/status"))
        {
            if (line.StartsWith(Key, StringComparison.Ordinal)
                && ulong.TryParse(line.AsSpan(Key.Length).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out ulong bits))
            {
                return bits;
            }
        }
        return 0;
    }
}
