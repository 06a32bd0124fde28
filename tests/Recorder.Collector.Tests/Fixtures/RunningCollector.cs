using System.Net.Http.Headers;
using System.Text.Json;
using Recorder.Wire;

namespace Recorder.Collector.Tests.Fixtures;

/// <summary>One collector for all tests of a class; each uses nodes and sessions of its own.</summary>
public sealed class RunningCollector : IAsyncLifetime
{
    private readonly DataDirectory _data = new();
    private CollectorProcess? _collector;

    internal CollectorProcess Collector => _collector!;

    internal string ReaderPassword => _data.ReaderPassword();

    internal HttpClient Http { get; private set; } = new();

    public async ValueTask InitializeAsync()
    {
        _collector = await CollectorProcess.StartAsync(_data.Path);
        Http = new HttpClient { BaseAddress = _collector.Api };
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (_collector is not null) await _collector.DisposeAsync();
        _data.Dispose();
    }

    /// <summary>Sends the node's frames as one batch and waits until they are durable.</summary>
    internal async Task StoreAsync(SimulatedNode node)
    {
        var (agent, _) = await AgentConnection.JoinAsync(Collector.Ingest, node);
        await using (agent)
        {
            await agent.SendBatchAsync(node.Cut());
            await agent.AcknowledgedAsync(node.LastSeq);
        }
    }

    internal async Task<JsonElement> GetJsonAsync(string path)
    {
        using var answer = await Http.GetAsync(new Uri(path, UriKind.Relative), AgentConnection.Cancellation);
        string text = await answer.Content.ReadAsStringAsync(AgentConnection.Cancellation);
        answer.IsSuccessStatusCode.ShouldBeTrue(text);
        return JsonDocument.Parse(text).RootElement;
    }

    internal async Task<JsonElement[]> GetLinesAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { Accept = { new MediaTypeWithQualityHeaderValue("application/x-ndjson") } } };
        using var answer = await Http.SendAsync(request, AgentConnection.Cancellation);
        string text = await answer.Content.ReadAsStringAsync(AgentConnection.Cancellation);
        answer.IsSuccessStatusCode.ShouldBeTrue(text);
        return text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToArray();
    }
}
