using Recorder.Collector.Configuration;
using Recorder.Storage;

namespace Recorder.Collector.Store;

/// <summary>Takes <c>http://user:password@host:8123/database</c> apart.</summary>
internal static class StoreAddress
{
    public static StoreOptions Of(CollectorOptions options)
    {
        var address = options.Store ?? throw new InvalidOperationException("the store is embedded");
        string[] who = address.UserInfo.Split(':', 2);
        string database = address.AbsolutePath.Trim('/');
        var store = new StoreOptions
        {
            Endpoint = new UriBuilder(address.Scheme, address.Host, address.Port).Uri,
            Password = options.StorePassword ?? (who.Length > 1 ? Uri.UnescapeDataString(who[1]) : string.Empty),
            Cluster = options.StoreCluster,
        };
        if (who[0].Length > 0) store = store with { User = Uri.UnescapeDataString(who[0]) };
        return database.Length > 0 ? store with { Database = database } : store;
    }
}
