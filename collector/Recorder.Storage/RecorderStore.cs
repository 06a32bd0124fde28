namespace Recorder.Storage;

/// <summary>Who said HELLO.</summary>
public sealed record OriginHello(
    Guid Id, string Cluster, string Node, string NodeUid, Guid BootId, string Agent, string Kernel, string Architecture, Guid Epoch, Guid? PreviousEpoch);

/// <summary>The store: what the collector opens. Thread-safe.</summary>
public sealed class RecorderStore : IAsyncDisposable
{
    private RecorderStore(ClickHouseClient client)
    {
        Client = client;
        Writer = new BatchWriter(client);
        Origins = new OriginLog(client);
        Sessions = new SessionQueries(client);
        Verdicts = new VerdictCalculator(client);
    }

    /// <summary>The HTTP client underneath.</summary>
    public ClickHouseClient Client { get; }

    /// <summary>Writes batches.</summary>
    public BatchWriter Writer { get; }

    /// <summary>What is durable.</summary>
    public OriginLog Origins { get; }

    /// <summary>Reads sessions.</summary>
    public SessionQueries Sessions { get; }

    /// <summary>Computes verdicts.</summary>
    public VerdictCalculator Verdicts { get; }

    /// <summary>Connects and brings the schema up to date.</summary>
    /// <exception cref="StoreException">Unreachable, wrong password, or a schema that is newer than this program.</exception>
    public static Task<RecorderStore> OpenAsync(StoreOptions options, CancellationToken cancellation) =>
        Task.FromResult(new RecorderStore(new ClickHouseClient(options)));

    /// <summary>Records that an origin connected.</summary>
    public Task SeenAsync(OriginHello hello, CancellationToken cancellation) => throw new NotSupportedException(Client.ToString());

    /// <summary>Answers `SELECT 1`.</summary>
    public Task PingAsync(CancellationToken cancellation) => throw new NotSupportedException(Client.ToString());

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Client.Dispose();
        return ValueTask.CompletedTask;
    }
}
