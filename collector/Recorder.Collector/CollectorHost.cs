using System.Net;
using System.Net.Sockets;
using Recorder.Collector.Configuration;
using Recorder.Collector.Diagnostics;
using Recorder.Collector.Ingest;
using Recorder.Collector.Sessions;
using Recorder.Collector.Store;
using Recorder.Collector.Web;

namespace Recorder.Collector;

/// <summary>
/// The collector's parts and their order. Start: addresses first, so that one in use is found before the engine starts; then the store;
/// then ingest. Stop: ingest takes no more and acknowledges what it has; then HTTP; the store last.
/// </summary>
internal sealed class CollectorHost : IAsyncDisposable
{
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan HttpLimit = TimeSpan.FromSeconds(2);
    private readonly CollectorOptions _options;
    private readonly ILogger _log;
    private readonly WebApplication _api;
    private readonly WebApplication? _proxy;
    private readonly StoreLifetime _store;
    private readonly IngestListener _ingest;
    private readonly GroupCommitter _committer;
    private readonly VerdictSweep _verdicts;
    private readonly CancellationTokenSource _committing = new();
    private readonly CancellationTokenSource _working = new();
    private Task _commits = Task.CompletedTask;
    private Task _background = Task.CompletedTask;

    public CollectorHost(CollectorOptions options, ILoggerFactory logs)
    {
        _options = options;
        _log = logs.CreateLogger<CollectorHost>();
        var builder = ApiApplication.CreateBuilder(options.Listen, logs);
        CollectorParts.Add(builder.Services, options);
        _api = ApiApplication.Build(builder, options);
        var services = _api.Services;
        _store = services.GetRequiredService<StoreLifetime>();
        _ingest = services.GetRequiredService<IngestListener>();
        _committer = services.GetRequiredService<GroupCommitter>();
        _verdicts = services.GetRequiredService<VerdictSweep>();
        var news = services.GetRequiredService<SessionNews>();
        _committer.Committed += stored => CollectorParts.Tell(stored, news);
        if (options is { ClickHouse: { } address, Store: null }) _proxy = ProxyApplication.Build(address, () => _store.Target, logs);
    }

    public IPEndPoint? IngestAddress => _ingest.Address;

    public IServiceProvider Services => _api.Services;

    /// <summary>Ends when a part that must run has failed.</summary>
    public Task Failed => Task.WhenAny(_commits, _background).Unwrap();

    /// <summary>True while batches are taken to the store: what the watchdog is told.</summary>
    public bool IsAlive => !_commits.IsCompleted;

    /// <summary>Returns when everything is up.</summary>
    /// <exception cref="CollectorFailure">An address or the store can't be had.</exception>
    public async Task StartAsync(CancellationToken cancellation)
    {
        Log.Starting(_log, HelpText.Version);
        if (!IPAddress.IsLoopback(_options.Listen.Address)) Log.Exposed(_log, _options.Listen.ToString());
        await BindAsync("listen", _options.Listen, () => _api.StartAsync(cancellation));
        if (_proxy is not null) await BindAsync("clickhouse", _options.ClickHouse!, () => _proxy.StartAsync(cancellation));
        if (_options.Ingest is { } ingest)
        {
            await BindAsync("ingest", ingest, () =>
            {
                _ingest.Bind();
                return Task.CompletedTask;
            });
        }

        await _store.OpenAsync(cancellation);
        _commits = Task.Run(() => _committer.RunAsync(_committing.Token), CancellationToken.None);
        _background = Task.Run(() => Task.WhenAll(_store.WatchAsync(_working.Token), _verdicts.RunAsync(_working.Token)), CancellationToken.None);
        _ingest.Start();
        Log.Ready(_log, Address(_api), _ingest.Address?.ToString() ?? "off", _proxy is null ? "off" : Address(_proxy), _store.Description);
    }

    public async ValueTask DisposeAsync()
    {
        // A store that is away must not keep the process: what isn't confirmed in time stays with the agents.
        _committing.CancelAfter(DrainLimit);
        await _ingest.StopAsync();
        _committer.Complete();
        if (_committing.IsCancellationRequested) Log.LeftUnconfirmed(_log);
        await Quietly(_commits);
        await _working.CancelAsync();
        await Quietly(_background);
        await StopAsync(_proxy);
        await StopAsync(_api);
        await _store.DisposeAsync();
        if (_proxy is not null) await _proxy.DisposeAsync();
        await _api.DisposeAsync();
        _committing.Dispose();
        _working.Dispose();
        Log.Stopped(_log);
    }

    private static async Task StopAsync(WebApplication? app)
    {
        if (app is null) return;
        using var limit = new CancellationTokenSource(HttpLimit);
        await Quietly(app.StopAsync(limit.Token));
    }

    private static string Address(WebApplication app) => app.Urls.FirstOrDefault() ?? "off";

    private static async Task BindAsync(string key, IPEndPoint address, Func<Task> bind)
    {
        try
        {
            await bind();
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            throw new CollectorFailure($"{key}: {address} can't be listened on: {(e.InnerException ?? e).Message}", e);
        }
    }

    /// <summary>For the end, where a part's failure was logged before and must not keep the others from ending.</summary>
    private static Task Quietly(Task task) => task.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
}
