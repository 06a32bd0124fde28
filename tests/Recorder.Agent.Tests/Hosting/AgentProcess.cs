using System.Diagnostics;
using System.Text;

namespace Recorder.Agent.Tests.Hosting;

/// <summary>The real executable as a child process.</summary>
internal sealed class AgentProcess : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    private readonly Process _process;
    private readonly StringBuilder _errors = new();
    private readonly StringBuilder _output = new();

    private AgentProcess(Process process) => _process = process;

    public static string Executable => Path.Combine(AppContext.BaseDirectory, "recorder-agent");

    public int Id => _process.Id;

    public string Errors
    {
        get
        {
            lock (_errors)
                return _errors.ToString();
        }
    }

    public string Output
    {
        get
        {
            lock (_output)
                return _output.ToString();
        }
    }

    public static AgentProcess Start(IReadOnlyDictionary<string, string> environment, params string[] arguments) =>
        Start(Executable, environment, arguments);

    public static async Task<AgentProcess> RunAsync(params string[] arguments)
    {
        AgentProcess agent = Start(new Dictionary<string, string>(), arguments);
        await agent.ExitAsync();
        return agent;
    }

    public static AgentProcess Start(string file, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        ProcessStartInfo start = new(file, arguments) { RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (string name in start.Environment.Keys.Where(name => name.StartsWith("RECORDER_", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(name);
        foreach ((string name, string value) in environment)
            start.Environment[name] = value;
        AgentProcess agent = new(new Process { StartInfo = start });
        agent._process.ErrorDataReceived += (_, line) => Append(agent._errors, line.Data);
        agent._process.OutputDataReceived += (_, line) => Append(agent._output, line.Data);
        agent._process.Start();
        agent._process.BeginErrorReadLine();
        agent._process.BeginOutputReadLine();
        return agent;
    }

    public async Task<int> ExitAsync()
    {
        using CancellationTokenSource limit = new(Limit);
        await _process.WaitForExitAsync(limit.Token);
        return _process.ExitCode;
    }

    public async Task SaysAsync(string text)
    {
        using CancellationTokenSource limit = new(Limit);
        while (!Errors.Contains(text, StringComparison.Ordinal))
        {
            if (_process.HasExited)
                throw new InvalidOperationException($"It ended with {_process.ExitCode}: {Errors}");
            await Task.Delay(20, limit.Token);
        }
    }

    /// <summary>Sends SIGTERM.</summary>
    public void Terminate() => Process.Start("/bin/kill", ["-TERM", Id.ToString()]).WaitForExit();

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private static void Append(StringBuilder text, string? line)
    {
        lock (text)
            text.Append(line).Append('\n');
    }
}
