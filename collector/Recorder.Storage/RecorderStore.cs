namespace Recorder.Storage;

/// <summary>Who said HELLO.</summary>
public sealed record OriginHello(
    Guid Id, string Cluster, string Node, string NodeUid, Guid BootId, string Agent, string Kernel, string Architecture, Guid Epoch, Guid? PreviousEpoch);

/// <summary>The store: what the collector opens. Thread-safe.</summary>
public sealed class RecorderStore : IAsyncDisposable
{
    private readonly TimeProvider _time;

    private RecorderStore(ClickHouseClient client, TimeProvider time)
    {
        _time = time;
        Client = client;
        Origins = new OriginLog(client);
        Verdicts = new VerdictCalculator(client, time);
        Writer = new BatchWriter(client, Origins, Verdicts, time);
        Sessions = new SessionQueries(client, Verdicts, time);
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
    /// <exception cref="ArgumentException">An option isn't valid.</exception>
    public static async Task<RecorderStore> OpenAsync(StoreOptions options, CancellationToken cancellation, TimeProvider? time = null)
    {
        var client = new ClickHouseClient(options);
        try
        {
            await new SchemaMigrator(client).MigrateAsync(cancellation).ConfigureAwait(false);
            return new RecorderStore(client, time ?? TimeProvider.System);
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    /// <summary>Records that an origin connected.</summary>
    public async Task SeenAsync(OriginHello hello, CancellationToken cancellation)
    {
        using var row = new RowWriter();
        row.Uuid(hello.Id);
        row.Int64(UnixTime.From(_time.GetUtcNow()));
        row.Text(hello.Cluster);
        row.Text(hello.Node);
        row.Text(hello.NodeUid);
        row.Uuid(hello.BootId);
        row.Uuid(hello.Epoch);
        row.NullableUuid(hello.PreviousEpoch);
        row.Text(hello.Agent);
        row.Text(hello.Kernel);
        row.Text(hello.Architecture);
        await Client.InsertAsync(
            "origins (origin, seen, cluster, node, node_uid, boot_id, epoch, previous_epoch, agent, kernel, architecture)",
            row.Written, Guid.NewGuid().ToString("N"), cancellation).ConfigureAwait(false);
    }

    /// <summary>Returns if the store answers.</summary>
    /// <exception cref="StoreException">It doesn't.</exception>
    public Task PingAsync(CancellationToken cancellation) => Client.ExecuteAsync("SELECT 1 FORMAT Null", cancellation);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Client.Dispose();
        return ValueTask.CompletedTask;
    }
}
