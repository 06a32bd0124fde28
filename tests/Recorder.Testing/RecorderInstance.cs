using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace Recorder.Testing;

/// <summary>A whole recorder on this machine: collector with the embedded store, agent, and the command line to ask it.</summary>
public sealed class RecorderInstance : IAsyncDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("recorder-test-").FullName;
    private readonly int http = FreePort();
    private readonly int ingest = FreePort();
    private readonly List<string> agentArguments = [];

    /// <summary>The collector's process.</summary>
    public ChildProcess Collector { get; private set; } = null!;

    /// <summary>The agent's process.</summary>
    public ChildProcess Agent { get; private set; } = null!;

    /// <summary>What <c>--server</c> takes.</summary>
    public string Server => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{http}");

    /// <summary>The agent's state directory.</summary>
    public string State => Path.Combine(directory, "state");

    /// <summary>Starts collector and agent and waits until both are ready.</summary>
    public static async Task<RecorderInstance> StartAsync(params string[] agentArguments)
    {
        var instance = new RecorderInstance();
        instance.agentArguments.AddRange(agentArguments);
        await instance.StartCollectorAsync();
        await instance.StartAgentAsync();
        return instance;
    }

    /// <summary>Starts the collector on the same data.</summary>
    public async Task StartCollectorAsync()
    {
        Collector = ChildProcess.Start(
            Executables.Collector,
            ["--data", Path.Combine(directory, "data"), "--listen", Loopback(http), "--ingest", Loopback(ingest), "--clickhouse", "off"]);
        await Collector.WaitForLineAsync("ready", Wait.Limit);
    }

    /// <summary>Starts the agent on the same state.</summary>
    public async Task StartAgentAsync()
    {
        Agent = ChildProcess.Start(Executables.Agent, ["--collector", Loopback(ingest), "--state", State, .. agentArguments]);
        await Agent.WaitForLineAsync("ready", Wait.Limit);
    }

    /// <summary>Runs <c>recorder</c> against this instance.</summary>
    public Task<ShellResult> CliAsync(params string[] arguments) =>
        Shell.RunAsync(Executables.Cli, ["--server", Server, .. arguments]);

    /// <summary>The sessions that a filter selects, newest first.</summary>
    public async Task<IReadOnlyList<RecordedSession>> SessionsAsync(params string[] filter)
    {
        ShellResult result = (await CliAsync(["sessions", "--json", .. filter])).Succeeded();
        using JsonDocument document = JsonDocument.Parse(result.Out);
        return [.. document.RootElement.EnumerateArray().Select(element => new RecordedSession(element.Clone()))];
    }

    /// <summary>Waits for the one session whose command line holds the text and that has ended with a verdict.</summary>
    public Task<RecordedSession> EndedSessionAsync(string commandPart) =>
        SessionAsync(commandPart, session => session.Ended is not null && session.Verdict != "OPEN");

    /// <summary>Waits for a session whose command line holds the text and that satisfies a condition.</summary>
    public async Task<RecordedSession> SessionAsync(string commandPart, Func<RecordedSession, bool> condition)
    {
        IReadOnlyList<RecordedSession> seen = [];
        return await Wait.UntilAsync(
            async () =>
            {
                seen = await SessionsAsync("--since", "1h", "--limit", "1000");
                return seen.FirstOrDefault(session => session.CommandLine.Contains(commandPart, StringComparison.Ordinal) && condition(session));
            },
            Wait.Limit,
            () => $"a session with '{commandPart}'; there are:\n{string.Join('\n', seen)}\nagent:\n{Agent.Output}\ncollector:\n{Collector.Output}");
    }

    /// <summary>The exact bytes of a recorded stream.</summary>
    public async Task<byte[]> StreamAsync(RecordedSession session, string stream) =>
        (await CliAsync("export", session.Id, "--format", "raw", "--stream", stream)).Succeeded().Out;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Agent is { HasExited: false })
        {
            await Agent.TerminateAsync(Wait.Limit);
        }

        await Shell.RunAsync(Executables.Agent, ["--uninstall", "--state", State, "--collector", Loopback(ingest)]);
        if (Collector is { HasExited: false })
        {
            await Collector.TerminateAsync(Wait.Limit);
        }

        Agent?.Dispose();
        Collector?.Dispose();
        Directory.Delete(directory, recursive: true);
    }

    private static string Loopback(int port) => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}");

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
