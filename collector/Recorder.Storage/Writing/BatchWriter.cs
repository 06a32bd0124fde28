namespace Recorder.Storage;

/// <summary>What one write stored.</summary>
/// <param name="Batches">Batches written.</param>
/// <param name="Frames">Frames written.</param>
/// <param name="Bytes">Size of the inserted rows, in bytes before compression.</param>
/// <param name="SessionsEnded">Sessions whose verdict was computed because they have ended.</param>
public readonly record struct WriteResult(int Batches, long Frames, long Bytes, IReadOnlyList<Guid> SessionsEnded);

/// <summary>Writes verified batches to every table.</summary>
public sealed class BatchWriter
{
    internal BatchWriter(ClickHouseClient client) => _client = client;

    private readonly ClickHouseClient _client;

    /// <summary>
    /// Stores the batches, of one or several origins, and returns when they are durable. After a failure nothing may be
    /// acknowledged, and the same batches (in the same or another grouping) may be written again.
    /// </summary>
    /// <exception cref="StoreException">The store refused or is unavailable.</exception>
    public Task<WriteResult> WriteAsync(IReadOnlyList<VerifiedBatch> batches, CancellationToken cancellation) =>
        throw new NotSupportedException(_client.ToString());
}
