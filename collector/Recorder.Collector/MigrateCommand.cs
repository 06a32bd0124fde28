using Recorder.Collector.Configuration;
using Recorder.Collector.Store;
using Recorder.Storage;

namespace Recorder.Collector;

/// <summary><c>recorder-collector migrate --store URL</c></summary>
internal static class MigrateCommand
{
    /// <exception cref="ConfigurationError">The store is embedded: that one is migrated whenever it is opened.</exception>
    /// <exception cref="CollectorFailure">The tables can't be made.</exception>
    public static async Task RunAsync(CollectorOptions options)
    {
        if (options.Store is null) throw ConfigurationError.NotAllowed("store", "embedded", "migrate", "the address of a server");
        try
        {
            await using var store = await RecorderStore.OpenAsync(StoreAddress.Of(options), CancellationToken.None);
        }
        catch (StoreException e)
        {
            throw new CollectorFailure($"the tables can't be brought up to date: {e.Message}", e);
        }

        Console.Out.WriteLine("the tables are up to date");
    }
}
