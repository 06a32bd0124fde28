using Recorder.Collector.Ingest;
using Recorder.Storage;
using Recorder.Wire;

namespace Recorder.Collector.Store;

/// <summary>Ingest's view of the store.</summary>
internal sealed class RecorderBatchStore(StoreHandle store, StoreState state) : IBatchStore
{
    public async Task<EpochHead> OpenEpochAsync(Hello hello, CancellationToken cancellation)
    {
        var origin = hello.Origin;
        var current = store.Current;
        await current.SeenAsync(
            new OriginHello(
                origin.Id,
                origin.Cluster ?? string.Empty,
                origin.Node ?? string.Empty,
                origin.NodeUid ?? string.Empty,
                origin.BootId,
                origin.Agent ?? string.Empty,
                origin.Kernel ?? string.Empty,
                origin.Architecture ?? string.Empty,
                hello.Epoch,
                hello.PreviousEpoch),
            cancellation);
        // That was an insert: a disk that was full has room again, even if nobody waits with a batch.
        state.Succeeded();
        return await current.Origins.ResumeAsync(origin.Id, hello.Epoch, cancellation);
    }

    public async Task<BatchStanding> ClassifyAsync(Batch batch, CancellationToken cancellation) =>
        (await store.Current.Origins.ClassifyAsync(BatchName.Of(batch), cancellation)).Standing;

    public Task<IReadOnlyList<Storage.SubjectHead>> HeadsAsync(IReadOnlyList<Guid> subjects, CancellationToken cancellation) =>
        store.Current.Origins.HeadsAsync(subjects, cancellation);

    public async Task WriteAsync(IReadOnlyList<ReceivedBatch> batches, CancellationToken cancellation) =>
        await store.Current.Writer.WriteAsync(batches.Select(static batch => batch.Batch).ToArray(), cancellation);
}
