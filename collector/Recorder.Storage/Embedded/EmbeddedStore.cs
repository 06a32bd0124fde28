using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace Recorder.Storage;

/// <summary>
/// The embedded ClickHouse engine, supervised: a child process (malformed bytes on its port abort the whole process, so it can't
/// be ours) that is restarted with back-off when it ends by itself. Dispose every client of it first: the engine's stop waits
/// for open connections.
/// </summary>
public sealed class EmbeddedStore : IAsyncDisposable
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Healthy = TimeSpan.FromMinutes(1);

    private readonly EmbeddedStoreOptions _options;
    private readonly ILogger<EmbeddedStore> _logger;
    private readonly TimeProvider _time;
    private readonly StoreLayout _layout;
    private readonly CancellationTokenSource _stopping = new();
    private BoundedLog? _log;
    private EngineProcess? _engine;
    private StoreCredentials? _credentials;
    private EngineArguments? _arguments;
    private Task _supervision = Task.CompletedTask;
    private int _restarts;
    private int _disposed;

    /// <summary>Creates the supervisor; <see cref="StartAsync"/> starts the engine.</summary>
    /// <exception cref="ArgumentException">An option isn't valid.</exception>
    public EmbeddedStore(EmbeddedStoreOptions options, ILogger<EmbeddedStore> logger, TimeProvider? time = null)
    {
        options.Validate();
        _options = options;
        _logger = logger;
        _time = time ?? TimeProvider.System;
        _layout = StoreLayout.In(options.DataDirectory);
    }

    /// <summary>Options for the writer; valid after <see cref="StartAsync"/>.</summary>
    public StoreOptions WriterOptions => For(EngineConfiguration.Writer, Started.Writer);

    /// <summary>Options for a user that may only read; valid after <see cref="StartAsync"/>.</summary>
    public StoreOptions ReaderOptions => For(EngineConfiguration.Reader, Started.Reader);

    /// <summary>How often the engine was started again after it ended by itself.</summary>
    public int Restarts => Volatile.Read(ref _restarts);

    /// <summary>The child's process id, for metrics and tests.</summary>
    public int ProcessId => _engine?.Id ?? 0;

    /// <summary>Starts the engine and waits until it answers.</summary>
    /// <exception cref="StoreException">libchdb.so is missing, the directory is in use, not writable, or the disk is full.</exception>
    public async Task<StoreOptions> StartAsync(CancellationToken cancellation)
    {
        string library = EngineLibrary.Find(_options.Library);
        _layout.Create();
        _credentials = StoreCredentials.LoadOrCreate(_layout.Credentials);
        EngineConfiguration.Write(_layout, _credentials, _options.MemoryBytes ?? EngineConfiguration.DefaultMemory());
        _log = new BoundedLog(_layout.Log);
        _arguments = new EngineArguments(
            Path.GetFullPath(_options.DataDirectory), _options.HttpPort == 0 ? FreePort() : _options.HttpPort, library);
        _engine = EngineProcess.Start(_options, _arguments, _log);
        try
        {
            await AnswersAsync(_engine, cancellation).ConfigureAwait(false);
        }
        catch
        {
            await _engine.StopAsync().ConfigureAwait(false);
            throw;
        }
        Log.EngineReady(_logger, _engine.Id, _arguments.HttpPort);
        _supervision = SuperviseAsync();
        return WriterOptions;
    }

    /// <summary>Stops the engine gracefully and waits for it.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _supervision.ConfigureAwait(false);
        if (_engine is not null)
        {
            await _engine.StopAsync().ConfigureAwait(false);
            _engine.Dispose();
        }
        _log?.Dispose();
        _stopping.Dispose();
    }

    private StoreCredentials Started =>
        _credentials ?? throw new InvalidOperationException("The engine has not been started.");

    [SuppressMessage("Design", "CA1031", Justification = "The wrapper of the background loop: what ends it is logged, and disposing goes on.")]
    private async Task SuperviseAsync()
    {
        try
        {
            await RestartForeverAsync(_stopping.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // Disposed.
        }
        catch (Exception failure)
        {
            Log.SupervisionFailed(_logger, failure);
        }
    }

    private async Task RestartForeverAsync(CancellationToken stopping)
    {
        TimeSpan delay = FirstDelay;
        for (; ; )
        {
            long begun = _time.GetTimestamp();
            await _engine!.WaitAsync(stopping).ConfigureAwait(false);
            if (_time.GetElapsedTime(begun) > Healthy) delay = FirstDelay;
            Log.EngineEnded(_logger, _engine.ExitCode, _log!.Last, delay);
            await Task.Delay(delay, _time, stopping).ConfigureAwait(false);
            delay = TimeSpan.FromTicks(Math.Min(delay.Ticks * 2, LongestDelay.Ticks));
            await RestartAsync(stopping).ConfigureAwait(false);
        }
    }

    private async Task RestartAsync(CancellationToken stopping)
    {
        _engine!.Dispose();
        _log!.ForgetLast();
        Interlocked.Increment(ref _restarts);
        _engine = EngineProcess.Start(_options, _arguments!, _log);
        try
        {
            await AnswersAsync(_engine, stopping).ConfigureAwait(false);
            Log.EngineReady(_logger, _engine.Id, _arguments!.HttpPort);
        }
        catch (StoreException failure)
        {
            // It ended or hangs: end it, and the loop goes on with a longer delay.
            Log.EngineNotReady(_logger, failure);
            if (!_engine.HasExited) _engine.Kill();
        }
    }

    private async Task AnswersAsync(EngineProcess engine, CancellationToken cancellation)
    {
        using var client = new ClickHouseClient(WriterOptions with { Retries = 0, RequestTimeout = TimeSpan.FromSeconds(5) });
        long begun = _time.GetTimestamp();
        for (; ; )
        {
            if (engine.HasExited) throw EndedAtOnce(engine.ExitCode);
            try
            {
                await client.ExecuteAsync("SELECT 1 FORMAT Null", null, inDatabase: false, cancellation).ConfigureAwait(false);
                return;
            }
            catch (StoreException failure) when (failure.IsTransient)
            {
                if (_time.GetElapsedTime(begun) > _options.StartTimeout)
                    throw new StoreException(StoreError.Engine, $"The engine did not answer within {_options.StartTimeout}: {_log!.Last}");
            }
            await Task.Delay(TimeSpan.FromMilliseconds(20), cancellation).ConfigureAwait(false);
        }
    }

    private StoreException EndedAtOnce(int exitCode)
    {
        if (_log!.LastContains("No space left"))
            return new StoreException(StoreError.OutOfDisk, $"The disk of {_layout.Root} is full: {_log.Last}");
        string what = exitCode == EmbeddedEngineHost.DirectoryInUse
            ? $"{_layout.Root} is in use by another collector"
            : $"The engine ended at once with code {exitCode}: {_log.Last} (see {_layout.Log})";
        return new StoreException(StoreError.Engine, what);
    }

    private StoreOptions For(string user, string password) => new()
    {
        Endpoint = new Uri($"http://127.0.0.1:{_arguments!.HttpPort}/"),
        User = user,
        Password = password,
    };

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
