using BenchmarkDotNet.Running;
using Recorder.Benchmarks;

// --check-budgets: measures every benchmark shortly in this process and compares what it allocates with bench/budgets.
// Anything else is for BenchmarkDotNet: --filter '*', --list flat, …
return args is ["--check-budgets", .. string[] rest]
    ? BudgetCheck.Run(rest)
    : BenchmarkSwitcher.FromAssembly(typeof(BudgetCheck).Assembly).Run(args).All(summary => !summary.HasCriticalValidationErrors) ? 0 : 1;
