using Microsoft.Extensions.Logging;

namespace Recorder.Storage;

/// <summary>Settings of the embedded engine.</summary>
public sealed record EmbeddedStoreOptions
{
    /// <summary>The collector's data directory; the engine uses DATA/store.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>Loopback port of the engine's HTTP interface; 0: a free one. Not for other clients: malformed bytes on it abort the engine.</summary>
    public int HttpPort { get; init; }

    /// <summary>Path of libchdb.so; null: LIBCHDB, or ../chdb/libchdb.so beside the program.</summary>
    public string? Library { get; init; }

    /// <summary>Program to run as the child; null: this one.</summary>
    public string? HostProgram { get; init; }

    /// <summary>Arguments before the child's own.</summary>
    public IReadOnlyList<string> HostArguments { get; init; } = ["store"];

    /// <summary>Upper bound of the engine's memory in bytes, at least 256 MiB; null: half of the machine's.</summary>
    public long? MemoryBytes { get; init; }
}

/// <summary>The embedded ClickHouse engine, supervised: a child process that is restarted when it aborts.</summary>
public sealed class EmbeddedStore : IAsyncDisposable
{
    /// <summary>Creates the supervisor; <see cref="StartAsync"/> starts the engine.</summary>
    public EmbeddedStore(EmbeddedStoreOptions options, ILogger<EmbeddedStore> logger, TimeProvider? time = null)
    {
        _ = (options, logger, time);
        _restarts = 0;
    }

    private readonly int _restarts;

    /// <summary>Options for the writer; valid after <see cref="StartAsync"/>.</summary>
    public StoreOptions WriterOptions => throw new NotSupportedException();

    /// <summary>Options for a user that may only read; valid after <see cref="StartAsync"/>.</summary>
    public StoreOptions ReaderOptions => throw new NotSupportedException();

    /// <summary>How often the engine was started again after it ended by itself.</summary>
    public int Restarts => _restarts;

    /// <summary>Starts the engine and waits until it answers.</summary>
    /// <exception cref="StoreException">libchdb.so is missing, the directory is in use, not writable, or the disk is full.</exception>
    public Task<StoreOptions> StartAsync(CancellationToken cancellation) => throw new NotSupportedException();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
