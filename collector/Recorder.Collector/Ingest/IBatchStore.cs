using Recorder.Storage;
using Recorder.Wire;

namespace Recorder.Collector.Ingest;

/// <summary>What ingest asks of the store. Everything may fail with <see cref="StoreException"/> and be asked again.</summary>
internal interface IBatchStore
{
    /// <summary>Notes who connected and reads back how far its epoch is durable.</summary>
    Task<EpochHead> OpenEpochAsync(Hello hello, CancellationToken cancellation);

    /// <summary>Compares a batch that lies before the epoch's head with what is stored.</summary>
    Task<BatchStanding> ClassifyAsync(Batch batch, CancellationToken cancellation);

    Task<IReadOnlyList<Storage.SubjectHead>> HeadsAsync(IReadOnlyList<Guid> subjects, CancellationToken cancellation);

    /// <summary>Returns when the batches are durable. The same ones may be written again, in any grouping.</summary>
    Task WriteAsync(IReadOnlyList<ReceivedBatch> batches, CancellationToken cancellation);
}
