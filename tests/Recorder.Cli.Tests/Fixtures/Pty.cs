using System.Diagnostics;
using System.Text;

namespace Recorder.Cli.Tests.Fixtures;

/// <summary>Runs a shell command line on a pseudo-terminal of 80 by 24, made by script(1) of util-linux.</summary>
public sealed class Pty : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly StringBuilder _seen = new();
    private readonly Task _reader;

    public Pty(string server, string commandLine)
    {
        var start = new ProcessStartInfo("script") { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (string argument in new[] { "-qefc", $"stty cols 80 rows 24; {commandLine}", "/dev/null" })
            start.ArgumentList.Add(argument);
        start.Environment["RECORDER_SERVER"] = server;
        start.Environment["RECORDER"] = RecorderProcess.Path;
        start.Environment["LC_ALL"] = "C.UTF-8";
        start.Environment["TERM"] = "xterm-256color";
        start.Environment["SHELL"] = "/bin/bash";
        start.Environment.Remove("NO_COLOR");
        _process = Process.Start(start)!;
        _reader = Task.Run(ReadAsync);
    }

    public static bool IsAvailable => File.Exists("/usr/bin/script");

    /// <summary>All that came out so far, one character for each byte.</summary>
    public string Seen
    {
        get
        {
            lock (_seen)
                return _seen.ToString();
        }
    }

    public async Task TypeAsync(string keys)
    {
        await _process.StandardInput.WriteAsync(keys);
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>Waits until the text has come out.</summary>
    public async Task WaitForAsync(string text)
    {
        var waited = Stopwatch.StartNew();
        while (!Seen.Contains(text, StringComparison.Ordinal))
        {
            if (waited.Elapsed > Limit || _reader.IsCompleted && !Seen.Contains(text, StringComparison.Ordinal))
                throw new TimeoutException($"'{text}' did not come; seen: {Seen}");
            await Task.Delay(20);
        }
    }

    /// <summary>Waits for the end and returns the exit code.</summary>
    public async Task<int> FinishAsync()
    {
        using var limit = new CancellationTokenSource(Limit);
        await _reader.WaitAsync(limit.Token);
        await _process.WaitForExitAsync(limit.Token);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }

    private async Task ReadAsync()
    {
        byte[] block = new byte[4096];
        while (await _process.StandardOutput.BaseStream.ReadAsync(block) is > 0 and int length)
        {
            lock (_seen)
                _seen.Append(Encoding.Latin1.GetString(block, 0, length));
        }
    }
}
