using System.Net.Http.Headers;
using System.Text.Json;
using Recorder.Wire;

namespace Recorder.Collector.Tests.Fixtures;

/// <summary>One collector for all tests of a class; each uses nodes and sessions of its own.</summary>
public sealed class RunningCollector : IAsyncLifetime
{
    private readonly DataDirectory _data = new();
    private CollectorProcess? _collector;
    private HttpClient? _http;

    internal CollectorProcess Collector => _collector ?? throw Skipped();

    internal string ReaderPassword => _collector is null ? throw Skipped() : _data.ReaderPassword();

    internal HttpClient Http => _http ?? throw Skipped();

    public async ValueTask InitializeAsync()
    {
        // A fixture can't be skipped: the tests that use it are.
        if (CollectorProcess.FindLibrary() is null) return;
        _collector = await CollectorProcess.StartAsync(_data.Path);
        _http = new HttpClient { BaseAddress = _collector.Api };
    }

    public async ValueTask DisposeAsync()
    {
        _http?.Dispose();
        if (_collector is not null) await _collector.DisposeAsync();
        _data.Dispose();
    }

    private static InvalidOperationException Skipped()
    {
        CollectorProcess.Library();
        return new InvalidOperationException("the fixture was not started");
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
