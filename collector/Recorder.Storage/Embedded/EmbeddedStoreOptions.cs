namespace Recorder.Storage;

/// <summary>Settings of the embedded engine.</summary>
public sealed record EmbeddedStoreOptions
{
    /// <summary>The collector's data directory; the engine uses DATA/store.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>Loopback port of the engine's HTTP interface; 0: a free one. Not for other clients: malformed bytes on it abort the engine.</summary>
    public int HttpPort { get; init; }

    /// <summary>Path of libchdb.so; null: LIBCHDB, or ../chdb/libchdb.so beside the program.</summary>
    public string? Library { get; init; }

    /// <summary>Program to run as the child; null: this one.</summary>
    public string? HostProgram { get; init; }

    /// <summary>Arguments before the child's own.</summary>
    public IReadOnlyList<string> HostArguments { get; init; } = ["store"];

    /// <summary>Upper bound of the engine's memory in bytes, 256 MiB or more; null: half of what this process may use.</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>How long a start may take, 1 s to 1 hour.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Checks every value.</summary>
    /// <exception cref="ArgumentException">Names the key, the value and what is allowed.</exception>
    public void Validate()
    {
        Require(DataDirectory.Length > 0, "store.data", DataDirectory, "a directory");
        Require(HttpPort is 0 or (> 0 and < 65536), "store.http_port", HttpPort, "0 to 65535");
        Require(MemoryBytes is null or >= 256L << 20, "store.memory_bytes", MemoryBytes, "268435456 (256 MiB) or more");
        Require(StartTimeout >= TimeSpan.FromSeconds(1) && StartTimeout <= TimeSpan.FromHours(1),
            "store.start_timeout", StartTimeout, "1 s to 1 hour");
    }

    private static void Require(bool condition, string key, object? value, string allowed)
    {
        if (!condition) throw new ArgumentException($"{key} is '{value}'; allowed: {allowed}.");
    }
}
