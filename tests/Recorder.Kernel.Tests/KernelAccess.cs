using System.Diagnostics;
using Recorder.Kernel.Host;

namespace Recorder.Kernel.Tests;

/// <summary>What tests on the real kernel need, and how they wait for it.</summary>
internal static class KernelAccess
{
    private const int PatienceMilliseconds = 20_000;

    public static void Require()
    {
        if (Capabilities.Missing() is { Count: > 0 } missing)
            Assert.Skip("needs " + string.Join(", ", missing));
        if (!File.Exists("/sys/kernel/btf/vmlinux"))
            Assert.Skip("the kernel has no BTF");
    }

    /// <summary>Waits until something holds; fails after 20 s, which is no measurement.</summary>
    public static void Eventually(Func<bool> holds, string what)
    {
        long begun = Stopwatch.GetTimestamp();
        while (!holds())
        {
            if (Stopwatch.GetElapsedTime(begun).TotalMilliseconds > PatienceMilliseconds)
                Assert.Fail("never happened: " + what);
            Thread.Sleep(5);
        }
    }

    public static string Run(string file, params string[] arguments)
    {
        var info = new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(info)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        process.ExitCode.ShouldBe(0, errors.Result);
        return output;
    }
}
