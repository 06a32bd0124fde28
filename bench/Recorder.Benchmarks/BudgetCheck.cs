using System.Globalization;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Perfolizer.Horology;

namespace Recorder.Benchmarks;

/// <summary>
/// Fails when a benchmark allocates more than its budget. Times are printed for the eye only: on a shared machine they say nothing that a test
/// could rely on, while allocations are the same everywhere.
/// </summary>
internal static class BudgetCheck
{
    /// <summary>
    /// Invocations in an iteration of those whose operation is a batch. What an iteration allocates below 8 KiB is not seen at all (the runtime
    /// counts in such pieces): at this number that is less than a byte for each of the batch's frames.
    /// </summary>
    public const int Batches = 64;

    public static int Run(string[] arguments)
    {
        if (arguments.Length > 0)
        {
            Console.Error.WriteLine($"unknown argument '{arguments[0]}'; --check-budgets takes none");
            return 2;
        }

        Budgets budgets = Budgets.Read(Budgets.Folder());
        Type[] classes = [.. typeof(BudgetCheck).Assembly.GetTypes().Where(type => type.Name.EndsWith("Benchmarks", StringComparison.Ordinal))];
        BenchmarkReport[] reports = [.. BenchmarkRunner.Run(classes, ShortConfig()).SelectMany(summary => summary.Reports)];
        List<string> failures = [.. budgets.Unused(reports.Select(Name)), .. reports.Select(report => Judge(report, budgets)).OfType<string>()];
        foreach (string failure in failures)
            Console.Error.WriteLine($"budget: {failure}");
        Console.WriteLine(failures.Count == 0 ? $"{reports.Length} benchmarks within their budgets" : $"{failures.Count} budgets broken");
        return failures.Count == 0 && reports.Length > 0 ? 0 : 1;
    }

    private static string? Judge(BenchmarkReport report, Budgets budgets)
    {
        string name = Name(report);
        string label = report.BenchmarkCase.Parameters.Count == 0 ? name : $"{name} {report.BenchmarkCase.Parameters.DisplayInfo}";
        if (!report.Success || report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase) is not { } allocated)
            return $"{label} did not run";
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{label,-60} {allocated,8} B {report.ResultStatistics?.Mean ?? double.NaN,14:N1} ns"));
        return budgets.Of(name) switch
        {
            null => $"{name} has no budget: add it to bench/budgets",
            { } budget when allocated > budget => $"{label} allocates {allocated} B for an operation, its budget is {budget} B",
            _ => null,
        };
    }

    private static string Name(BenchmarkReport report) =>
        $"{report.BenchmarkCase.Descriptor.Type.Name}.{report.BenchmarkCase.Descriptor.WorkloadMethod.Name}";

    private static ManualConfig ShortConfig() => ManualConfig.CreateEmpty()
        .AddJob(Job.Default
            .WithToolchain(InProcessEmitToolchain.Instance)
            .WithWarmupCount(2)
            .WithIterationCount(3)
            .WithIterationTime(TimeInterval.FromMilliseconds(40)))
        .AddLogger(NullLogger.Instance)
        .WithOptions(ConfigOptions.DisableLogFile);
}
