using Recorder.Storage;

namespace Recorder.Collector.Store;

/// <summary>What a failure of the store means to the one who asked.</summary>
internal static class StoreFailure
{
    /// <summary>The store, not the request, is at fault: it may work later.</summary>
    public static bool IsUnavailable(Exception e) => e is StoreException { Error: not StoreError.InvalidArgument and not StoreError.Other };

    /// <summary>The store took offence at what was written, so that trying the same again can't help.</summary>
    public static bool IsOfContent(Exception e) =>
        e is BatchConflictException or MalformedBatchException or StoreException { IsTransient: false, Error: StoreError.InvalidArgument or StoreError.Other };
}
