using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Recorder.Collector.Configuration;
using Recorder.Collector.Diagnostics;
using Recorder.Collector.Ingest;
using Recorder.Collector.Store;

namespace Recorder.Collector.Tests.Fixtures;

/// <summary>Ingest over real TCP, with a store that can fail.</summary>
internal sealed class IngestServer : IAsyncDisposable
{
    private readonly CancellationTokenSource _committing = new();
    private readonly GroupCommitter _committer;
    private readonly IngestListener _listener;
    private readonly Task _commits;

    public IngestServer(CollectorOptions? options = null)
    {
        Options = (options ?? new CollectorOptions()) with { Ingest = new IPEndPoint(IPAddress.Loopback, 0) };
        Memory = new MemoryBudget(Options.IngestMemory);
        State = new StoreState(Logs.CreateLogger<StoreState>());
        _committer = new GroupCommitter(Store, Options, Metrics, State, TimeProvider.System, NullLogger<GroupCommitter>.Instance);
        var connections = new IngestConnectionFactory(
            Options, Store, _committer, new EpochRegistry(), Memory, Metrics, TimeProvider.System, NullLogger<IngestConnection>.Instance);
        _listener = new IngestListener(Options, connections, Metrics, NullLogger<IngestListener>.Instance);
        _listener.Bind();
        _commits = Task.Run(() => _committer.RunAsync(_committing.Token));
        _listener.Start();
    }

    public CollectorOptions Options { get; }

    public MemoryBatchStore Store { get; } = new();

    public MemoryBudget Memory { get; }

    public CollectorMetrics Metrics { get; } = new();

    public StoreState State { get; }

    public LineLog Logs { get; } = new();

    public IPEndPoint Address => _listener.Address!;

    /// <summary>Stops as the collector does: what was read is stored and acknowledged first.</summary>
    public async Task StopAsync()
    {
        await _listener.StopAsync();
        _committer.Complete();
        await _commits;
    }

    public async ValueTask DisposeAsync()
    {
        _committing.CancelAfter(TimeSpan.FromSeconds(1));
        await StopAsync();
        _listener.Dispose();
        _committing.Dispose();
        Logs.Dispose();
    }
}

/// <summary>Keeps what is logged.</summary>
internal sealed class LineLog : ILoggerFactory, ILogger
{
    private readonly Lock _gate = new();
    private readonly List<string> _lines = [];

    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_gate) return _lines.ToArray();
        }
    }

    public ILogger CreateLogger(string categoryName) => this;

    public ILogger<T> CreateLogger<T>() => LoggerFactoryExtensions.CreateLogger<T>(this);

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (_gate) _lines.Add(formatter(state, exception));
    }

    public void Dispose()
    {
    }
}
