namespace Recorder.Storage;

/// <summary>ClickHouse's HTTP interface.</summary>
public sealed class ClickHouseClient : IDisposable
{
    /// <summary>Creates a client; connects on first use.</summary>
    public ClickHouseClient(StoreOptions options)
    {
        options.Validate();
        Options = options;
    }

    /// <summary>Its options.</summary>
    public StoreOptions Options { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
