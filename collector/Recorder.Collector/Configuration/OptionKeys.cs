namespace Recorder.Collector.Configuration;

/// <summary>Every setting there is, in the order of the help.</summary>
internal static class OptionKeys
{
    private const int Mebi = 1 << 20;

    public static IReadOnlyList<OptionKey> All { get; } =
    [
        new("data", "DIR", "an absolute or relative path", "directory of the embedded store and its passwords",
            (o, v) => v.Length > 0 && !v.Contains('\0', StringComparison.Ordinal) ? o with { Data = Path.GetFullPath(v) } : null),
        new("store", "WHERE", "'embedded', or http://user:password@host:8123/database", "where recordings are kept (embedded)",
            static (o, v) => v == "embedded" ? o with { Store = null } : OptionValues.TryStore(v, out var uri) ? o with { Store = uri } : null),
        new("store-password", "TEXT", "any text", "password of the store; better given by file or environment",
            static (o, v) => o with { StorePassword = v }),
        new("store-password-file", "FILE", "a readable file of at most 4 KiB", "file that holds the password of the store",
            static (o, v) => OptionValues.TrySecretFile(v, out string? secret) ? o with { StorePassword = secret } : null),
        new("store-cluster", "NAME", "letters, digits, '_', '-' and '.', or empty", "ClickHouse cluster on which the tables are made",
            static (o, v) => v.All(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.') ? o with { StoreCluster = v.Length == 0 ? null : v } : null),
        new("libchdb", "FILE", "a path", "libchdb.so of the embedded store",
            static (o, v) => v.Length > 0 ? o with { LibChdb = Path.GetFullPath(v) } : null),
        new("listen", "ADDRESS", OptionValues.AddressAllowed, "HTTP API (127.0.0.1:8470)",
            static (o, v) => OptionValues.TryAddress(v, CollectorOptions.DefaultHttpPort, out var address) ? o with { Listen = address } : null),
        new("ingest", "ADDRESS", OptionValues.LoopbackAllowed, "recordings from node agents (127.0.0.1:8471)",
            static (o, v) => v == "off" ? o with { Ingest = null }
                : OptionValues.TryLoopback(v, CollectorOptions.DefaultIngestPort, out var address) ? o with { Ingest = address } : null),
        new("clickhouse", "ADDRESS", OptionValues.AddressAllowed + ", or 'off'", "SQL over HTTP for dashboards (127.0.0.1:8472)",
            static (o, v) => v == "off" ? o with { ClickHouse = null }
                : OptionValues.TryAddress(v, CollectorOptions.DefaultClickHousePort, out var address) ? o with { ClickHouse = address } : null),
        new("hosts", "NAMES", "host names joined by ','", "names by which the API may be addressed besides localhost",
            static (o, v) => OptionValues.TryHosts(v, out var hosts) ? o with { Hosts = hosts } : null),
        new("ingest-connections", "N", "1 to 65536", "connections of agents at a time (1024)",
            static (o, v) => OptionValues.TryInteger(v, 1, 65536, out long n) ? o with { IngestConnections = (int)n } : null),
        new("ingest-memory-mib", "N", "32 to 65536", "memory for what agents sent and is not stored yet (256)",
            static (o, v) => OptionValues.TryInteger(v, 32, 65536, out long n) ? o with { IngestMemory = n * Mebi } : null),
        new("ingest-window-mib", "N", "8 to 256", "what one agent may send ahead of the acknowledgement (16)",
            static (o, v) => OptionValues.TryInteger(v, 8, 256, out long n) ? o with { IngestWindow = (int)n * Mebi } : null),
        new("commit-mib", "N", "1 to 64", "an insert is sent when it holds this much (8)",
            static (o, v) => OptionValues.TryInteger(v, 1, 64, out long n) ? o with { CommitBytes = (int)n * Mebi } : null),
        new("commit-delay-ms", "N", "0 to 5000", "or when its first batch waited this long (50)",
            static (o, v) => OptionValues.TryInteger(v, 0, 5000, out long n) ? o with { CommitDelay = TimeSpan.FromMilliseconds(n) } : null),
        new("log-level", "LEVEL", "debug, information, warning or error", "how much is logged (information)",
            static (o, v) => OptionValues.TryLogLevel(v, out var level) ? o with { LogLevel = level } : null),
    ];

    public static OptionKey? Find(string name) => All.FirstOrDefault(key => key.Name == name);
}
