using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Recorder.Testing;

/// <summary>A program that a test started; what it says is kept, and it never outlives the test.</summary>
public sealed partial class ChildProcess : IDisposable
{
    private readonly Process process;
    private readonly Lock gate = new();
    private readonly List<string> lines = [];

    private ChildProcess(Process process) => this.process = process;

    /// <summary>Process id.</summary>
    public int Id => process.Id;

    /// <summary>Whether it has ended.</summary>
    public bool HasExited => process.HasExited;

    /// <summary>Exit code; only after it ended.</summary>
    public int ExitCode => process.ExitCode;

    /// <summary>Standard output and error, line by line as they came.</summary>
    public string Output
    {
        get
        {
            lock (gate)
            {
                return string.Join('\n', lines);
            }
        }
    }

    /// <summary>Starts a program with its output captured.</summary>
    public static ChildProcess Start(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach ((string key, string value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[key] = value;
        }

        var child = new ChildProcess(new Process { StartInfo = start });
        child.process.OutputDataReceived += (_, e) => child.Add(e.Data);
        child.process.ErrorDataReceived += (_, e) => child.Add(e.Data);
        child.process.Start();
        child.process.StandardInput.Close();
        child.process.BeginOutputReadLine();
        child.process.BeginErrorReadLine();
        return child;
    }

    /// <summary>Waits until a line holds the text; fails with the output when the program ends or the time is up.</summary>
    public async Task WaitForLineAsync(string text, TimeSpan limit)
    {
        await Wait.UntilAsync(
            () => Output.Contains(text, StringComparison.Ordinal) || HasExited,
            limit,
            () => $"'{text}' from {process.StartInfo.FileName}; it said:\n{Output}");
        if (!Output.Contains(text, StringComparison.Ordinal))
        {
            throw new InvalidOperationException(
                string.Create(CultureInfo.InvariantCulture, $"{process.StartInfo.FileName} ended with {process.ExitCode} before '{text}'; it said:\n{Output}"));
        }
    }

    /// <summary>Sends SIGTERM and waits; the exit code.</summary>
    public async Task<int> TerminateAsync(TimeSpan limit)
    {
        Signal(15);
        await process.WaitForExitAsync().WaitAsync(limit);
        return process.ExitCode;
    }

    /// <summary>Sends SIGKILL and waits.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>Sends a signal.</summary>
    public void Signal(int signal)
    {
        if (!process.HasExited)
        {
            _ = Kill(process.Id, signal);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
        }

        process.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int pid, int signal);

    private void Add(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (gate)
        {
            lines.Add(line);
        }
    }
}
