namespace Recorder.Testing;

/// <summary>Says why a test can't run here; null when it can.</summary>
public static class Requires
{
    /// <summary>Root, a BTF kernel and the built executables.</summary>
    public static string? Recorder() =>
        Environment.UserName != "root" ? "needs root: it loads kernel programs"
        : !File.Exists("/sys/kernel/btf/vmlinux") ? "needs a kernel with BTF"
        : !File.Exists(Executables.Agent) ? "needs ./build.sh to have run"
        : null;

    /// <summary>The recorder and runc with a static busybox.</summary>
    public static string? Runc() => Recorder() ?? Program("runc") ?? (File.Exists("/bin/busybox") ? null : "needs busybox-static");

    /// <summary>A program on the PATH.</summary>
    public static string? Program(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(directory => File.Exists(Path.Combine(directory, name)))
            ? null
            : $"needs {name}";
}
