using Recorder.Collector.Configuration;
using Recorder.Collector.Diagnostics;
using Recorder.Collector.Ingest;
using Recorder.Collector.Sessions;
using Recorder.Collector.Store;

namespace Recorder.Collector;

/// <summary>What there is one of.</summary>
internal static class CollectorParts
{
    public static void Add(IServiceCollection services, CollectorOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<CollectorMetrics>();
        services.AddSingleton<StoreHandle>();
        services.AddSingleton<StoreState>();
        services.AddSingleton<StoreLifetime>();
        services.AddSingleton<VerdictSweep>();
        services.AddSingleton<SessionNews>();
        services.AddSingleton<FrameFollower>();
        services.AddSingleton(new MemoryBudget(options.IngestMemory));
        services.AddSingleton<IBatchStore, RecorderBatchStore>();
        services.AddSingleton<EpochRegistry>();
        services.AddSingleton<GroupCommitter>();
        services.AddSingleton<IngestConnectionFactory>();
        services.AddSingleton<IngestListener>();
    }

    /// <summary>Tells followers what was stored.</summary>
    public static void Tell(IReadOnlyList<PendingBatch> stored, SessionNews news)
    {
        foreach (var pending in stored)
        {
            var batch = pending.Batch.Batch;
            foreach (var section in batch.Sections)
            {
                if (section.Subject != batch.Header.Origin) news.Announce(section.Subject);
            }
        }
    }
}
