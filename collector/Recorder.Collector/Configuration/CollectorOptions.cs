using System.Net;

namespace Recorder.Collector.Configuration;

/// <summary>What the collector runs with, after defaults, file, environment and flags were laid over each other.</summary>
internal sealed record CollectorOptions
{
    public const int DefaultHttpPort = 8470;
    public const int DefaultIngestPort = 8471;
    public const int DefaultClickHousePort = 8472;

    /// <summary>Directory of everything the collector keeps: the embedded store and its passwords.</summary>
    public string Data { get; init; } = "/var/lib/recorder/collector";

    /// <summary>The server's address, or null for the embedded store.</summary>
    public Uri? Store { get; init; }

    /// <summary>Password of <see cref="Store"/>; overrides one that stands in the address.</summary>
    public string? StorePassword { get; init; }

    /// <summary>ClickHouse cluster that the migrations create tables on, or null for a single server.</summary>
    public string? StoreCluster { get; init; }

    /// <summary>Path of libchdb.so, or null to look beside the executable.</summary>
    public string? LibChdb { get; init; }

    public IPEndPoint Listen { get; init; } = new(IPAddress.Loopback, DefaultHttpPort);

    /// <summary>Null when switched off.</summary>
    public IPEndPoint? Ingest { get; init; } = new(IPAddress.Loopback, DefaultIngestPort);

    /// <summary>Null when switched off.</summary>
    public IPEndPoint? ClickHouse { get; init; } = new(IPAddress.Loopback, DefaultClickHousePort);

    /// <summary>Names that a Host header may carry besides the loopback ones.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    public int IngestConnections { get; init; } = 1024;

    /// <summary>Bytes that all connections together may hold in memory before the collector stops reading.</summary>
    public long IngestMemory { get; init; } = 256L << 20;

    /// <summary>Bytes that one connection may have unacknowledged.</summary>
    public int IngestWindow { get; init; } = 16 << 20;

    /// <summary>An insert is sent once it holds this many bytes.</summary>
    public int CommitBytes { get; init; } = 8 << 20;

    /// <summary>An insert is sent once its first batch waited this long.</summary>
    public TimeSpan CommitDelay { get; init; } = TimeSpan.FromMilliseconds(50);

    public LogLevel LogLevel { get; init; } = LogLevel.Information;
}
