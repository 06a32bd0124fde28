using System.Diagnostics;
using System.Text;

namespace Recorder.Cli.Tests.Fixtures;

/// <summary>How a run of the real executable ended.</summary>
public sealed record RecorderResult(int ExitCode, byte[] Output, string Error)
{
    public string Text => Encoding.UTF8.GetString(Output);
}

/// <summary>Runs the real executable, its output not on a terminal.</summary>
public static class RecorderProcess
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static string Path { get; } = System.IO.Path.Combine(AppContext.BaseDirectory, "recorder");

    public static Task<RecorderResult> RunAsync(FixtureCollector collector, params string[] arguments) => RunAsync(collector.Url, arguments);

    public static async Task<RecorderResult> RunAsync(string server, params string[] arguments)
    {
        using Process process = Start(Path, arguments, server);
        return await FinishAsync(process);
    }

    /// <summary>Runs a shell command line in which $RECORDER is the executable.</summary>
    public static async Task<RecorderResult> ShellAsync(string server, string commandLine)
    {
        using Process process = Start("/bin/bash", ["-o", "pipefail", "-c", commandLine], server);
        return await FinishAsync(process);
    }

    public static Process Start(string program, string[] arguments, string server)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        start.Environment["RECORDER_SERVER"] = server;
        start.Environment["RECORDER"] = Path;
        start.Environment["LC_ALL"] = "C.UTF-8";
        start.Environment.Remove("NO_COLOR");
        Process process = Process.Start(start)!;
        process.StandardInput.Close();
        return process;
    }

    public static async Task<RecorderResult> FinishAsync(Process process)
    {
        using var limit = new CancellationTokenSource(Limit);
        using var output = new MemoryStream();
        Task copy = process.StandardOutput.BaseStream.CopyToAsync(output, limit.Token);
        string error = await process.StandardError.ReadToEndAsync(limit.Token);
        await copy;
        await process.WaitForExitAsync(limit.Token);
        return new RecorderResult(process.ExitCode, output.ToArray(), error);
    }
}
