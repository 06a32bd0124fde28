using Recorder.Collector.Configuration;
using Recorder.Storage;

namespace Recorder.Collector.Store;

/// <summary>Starts the embedded engine or reaches the server, keeps an eye on it, and lets go of it in the end.</summary>
internal sealed class StoreLifetime(CollectorOptions options, StoreHandle handle, StoreState state, TimeProvider time, ILoggerFactory logs) : IAsyncDisposable
{
    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan PingInterval = TimeSpan.FromSeconds(5);
    private EmbeddedStore? _embedded;

    /// <summary>What clients of the ClickHouse port reach; null while the embedded engine is not started.</summary>
    public ProxyTarget? Target { get; private set; }

    /// <summary>Where the store is, without a password.</summary>
    public string Description => options.Store is null ? "embedded" : StoreAddress.Of(options).Endpoint.ToString();

    /// <summary>Returns when the store is open and its tables are up to date. A server that can't be reached is waited for.</summary>
    /// <exception cref="CollectorFailure">The engine can't be started, or the server will never do.</exception>
    public async Task OpenAsync(CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                var address = options.Store is null ? await StartEmbeddedAsync(cancellation) : StoreAddress.Of(options);
                handle.Open(await RecorderStore.OpenAsync(address, cancellation));
                state.Succeeded();
                return;
            }
            catch (StoreException e) when (options.Store is not null && e.IsTransient)
            {
                state.Failed(e);
                await Task.Delay(RetryPause, time, cancellation);
            }
            catch (StoreException e)
            {
                throw new CollectorFailure($"the store can't be opened: {e.Message}", e);
            }
        }
    }

    /// <summary>Asks the store from time to time, so that its state is known while nobody writes.</summary>
    public async Task WatchAsync(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(PingInterval, time);
        while (await timer.WaitForNextTickAsync(cancellation))
        {
            try
            {
                await handle.Current.PingAsync(cancellation);
                state.Pinged();
            }
            catch (StoreException e)
            {
                state.Failed(e);
            }
        }
    }

    /// <summary>Closes the connections first: the engine waits for them.</summary>
    public async ValueTask DisposeAsync()
    {
        if (handle.Close() is { } store) await store.DisposeAsync();
        Target = null;
        var embedded = _embedded;
        _embedded = null;
        if (embedded is not null) await embedded.DisposeAsync();
    }

    private async Task<StoreOptions> StartEmbeddedAsync(CancellationToken cancellation)
    {
        _embedded = new EmbeddedStore(
            new EmbeddedStoreOptions { DataDirectory = options.Data, Library = options.LibChdb },
            logs.CreateLogger<EmbeddedStore>(),
            time);
        var writer = await _embedded.StartAsync(cancellation);
        var reader = _embedded.ReaderOptions;
        Target = new ProxyTarget(reader.Endpoint, new ProxyCredentials(reader.User, reader.Password));
        return writer;
    }
}
