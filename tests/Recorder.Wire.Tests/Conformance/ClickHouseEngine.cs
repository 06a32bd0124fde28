using System.Diagnostics;

namespace Recorder.Wire.Tests;

/// <summary>ClickHouse's own engine, a query in a process of its own each.</summary>
internal static class ClickHouseEngine
{
    private const string Python = "/usr/bin/python3";

    /// <summary>The engine's library; skips the test where it was not fetched.</summary>
    public static string Library()
    {
        string built = Path.Combine(Vector.SourceRoot(), "artifacts", "lib", "chdb", "libchdb.so");
        string? library = new[] { Environment.GetEnvironmentVariable("LIBCHDB"), built }.FirstOrDefault(File.Exists);
        Assert.SkipWhen(library is null || !File.Exists(Python), $"libchdb.so is not at {built} (./build.sh fetches it), or there is no {Python}");
        return library!;
    }

    public static byte[] Query(string library, string format, string query)
    {
        var start = new ProcessStartInfo(Python, [Path.Combine(AppContext.BaseDirectory, "Conformance", "clickhouse.py"), library, format, query])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        using var answer = new MemoryStream();
        process.StandardOutput.BaseStream.CopyTo(answer);
        process.WaitForExit();
        process.ExitCode.ShouldBe(0, errors.GetAwaiter().GetResult());
        return answer.ToArray();
    }
}
