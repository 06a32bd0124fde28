using System.Diagnostics;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Recorder.Collector.Tests.Fixtures;

/// <summary>The real executable with the real embedded engine, on ports of the system's choice.</summary>
internal sealed partial class CollectorProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Process _process;
    private readonly List<string> _lines = [];
    private readonly TaskCompletionSource<string> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private CollectorProcess(Process process) => _process = process;

    public Uri Api { get; private set; } = null!;

    public IPEndPoint Ingest { get; private set; } = null!;

    /// <summary>Null when switched off or not embedded.</summary>
    public Uri? ClickHouse { get; private set; }

    /// <summary>Port of the embedded engine.</summary>
    public int EnginePort => int.Parse(EnginePortText().Match(Output).Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);

    public int Id => _process.Id;

    public string Output
    {
        get
        {
            lock (_lines) return string.Join('\n', _lines);
        }
    }

    public static string Executable { get; } = Path.Combine(AppContext.BaseDirectory, "recorder-collector");

    /// <summary>The engine's library, or the test is skipped.</summary>
    public static string Library()
    {
        string? found = FindLibrary();
        Assert.SkipWhen(found is null, "libchdb.so is not in artifacts/lib/chdb: run ./build.sh, or set RECORDER_CHDB_DIR");
        return found!;
    }

    public static string? FindLibrary([CallerFilePath] string here = "")
    {
        string root = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", ".."));
        string[] candidates =
        [
            Path.Combine(Environment.GetEnvironmentVariable("RECORDER_CHDB_DIR") ?? "/nonexistent", "libchdb.so"),
            Environment.GetEnvironmentVariable("LIBCHDB") ?? "/nonexistent",
            Path.Combine(root, "artifacts", "lib", "chdb", "libchdb.so"),
        ];
        return candidates.FirstOrDefault(File.Exists);
    }

    /// <summary>Starts the collector and waits for its ready line.</summary>
    public static Task<CollectorProcess> StartAsync(string data, params string[] more) => StartAsync(data, new Dictionary<string, string>(), more);

    /// <summary>Starts the collector with more environment variables and waits for its ready line.</summary>
    public static async Task<CollectorProcess> StartAsync(string data, Dictionary<string, string> environment, params string[] more)
    {
        string[] arguments = ["--data", data, "--libchdb", Library(), "--listen", "127.0.0.1:0", "--ingest", "127.0.0.1:0", "--clickhouse", "127.0.0.1:0", .. more];
        var collector = Launch(arguments, environment);
        string ready = await collector._ready.Task.WaitAsync(Patience);
        var addresses = ReadyLine().Match(ready);
        addresses.Success.ShouldBeTrue(ready);
        collector.Api = new Uri(addresses.Groups["api"].Value);
        collector.Ingest = IPEndPoint.Parse(addresses.Groups["ingest"].Value);
        collector.ClickHouse = addresses.Groups["clickhouse"].Value is var sql and not "off" ? new Uri(sql) : null;
        return collector;
    }

    /// <summary>Runs it to its end; for starts that must fail.</summary>
    public static async Task<(int Code, string Output)> RunAsync(params string[] arguments)
    {
        await using var collector = Launch(arguments, []);
        int code = await collector.WaitAsync();
        return (code, collector.Output);
    }

    public void Signal(string name)
    {
        using var kill = Process.Start("/bin/kill", ["-s", name, Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    public async Task<int> WaitAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Patience);
        return _process.ExitCode;
    }

    public void Kill() => _process.Kill(entireProcessTree: false);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            Signal("TERM");
            try
            {
                await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));
            }
            catch (TimeoutException)
            {
                _process.Kill(entireProcessTree: true);
            }
        }

        _process.Dispose();
    }

    /// <summary>Starts it without waiting.</summary>
    public static CollectorProcess Launch(string[] arguments, Dictionary<string, string> environment)
    {
        var start = new ProcessStartInfo(Executable, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        var process = new Process { StartInfo = start };
        var collector = new CollectorProcess(process);
        process.OutputDataReceived += (_, line) => collector.Take(line.Data);
        process.ErrorDataReceived += (_, line) => collector.Take(line.Data);
        process.Exited += (_, _) => collector._ready.TrySetException(new InvalidOperationException("ended before it was ready: " + collector.Output));
        process.EnableRaisingEvents = true;
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return collector;
    }

    private void Take(string? line)
    {
        if (line is null) return;
        lock (_lines) _lines.Add(line);
        if (line.Contains("ready:", StringComparison.Ordinal)) _ready.TrySetResult(line);
    }

    [GeneratedRegex("answers \\(process \\d+, 127\\.0\\.0\\.1:(\\d+)\\)")]
    private static partial Regex EnginePortText();

    [GeneratedRegex("ready: API (?<api>[^,]+), ingest (?<ingest>[^,]+), ClickHouse (?<clickhouse>[^,]+),")]
    private static partial Regex ReadyLine();
}
