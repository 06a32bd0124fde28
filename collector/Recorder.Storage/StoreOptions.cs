namespace Recorder.Storage;

/// <summary>Where the store's ClickHouse is and how to sign in. Single node and cluster take the same code path.</summary>
public sealed record StoreOptions
{
    /// <summary>Base address of the HTTP interface: <c>http://host:8123/</c> or <c>https://host:8443/</c>.</summary>
    public required Uri Endpoint { get; init; }

    /// <summary>ClickHouse user. Needs the grants that docs/storage.md lists for the writer.</summary>
    public string User { get; init; } = "default";

    /// <summary>Its password; never logged.</summary>
    public string Password { get; init; } = "";

    /// <summary>Database that holds every table: letters, digits and underscore, at most 64.</summary>
    public string Database { get; init; } = "recorder";

    /// <summary>Name of a ClickHouse cluster: tables become ReplicatedMergeTree behind Distributed. Null: one node.</summary>
    public string? Cluster { get; init; }

    /// <summary>Time to connect, 100 ms to 5 minutes.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Time until the response begins, and until an insert is confirmed: 1 s to 1 hour.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Attempts after the first for an error that passes by itself, 0 to 100.</summary>
    public int Retries { get; init; } = 6;

    /// <summary>Delay before the first retry, doubled each time up to 5 s: 1 ms to 1 minute.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Checks every value.</summary>
    /// <exception cref="ArgumentException">Names the key, the value and what is allowed.</exception>
    public void Validate()
    {
        if (!Endpoint.IsAbsoluteUri || Endpoint.Scheme is not ("http" or "https") || Endpoint.UserInfo.Length > 0)
            throw Invalid("store.endpoint", Endpoint, "an absolute http:// or https:// address without a password in it");
        Require(User.Length is > 0 and <= 256, "store.user", User, "1 to 256 characters");
        RequireName("store.database", Database);
        Require(Cluster is null || (Cluster.Length is > 0 and <= 64 && Cluster.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.')),
            "store.cluster", Cluster ?? "", "1 to 64 letters, digits, '_', '-' and '.'");
        RequireBetween("store.connect_timeout", ConnectTimeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(5));
        RequireBetween("store.request_timeout", RequestTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
        Require(Retries is >= 0 and <= 100, "store.retries", Retries, "0 to 100");
        RequireBetween("store.retry_delay", RetryDelay, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1));
    }

    // Both names become part of DDL, where ClickHouse takes no parameters; so nothing that would need quoting is let in.
    private static void RequireName(string key, string value)
    {
        bool plain = value.Length is > 0 and <= 64 && !char.IsAsciiDigit(value[0])
            && value.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');
        Require(plain, key, value, "1 to 64 letters, digits and underscores, not beginning with a digit");
    }

    private static void RequireBetween(string key, TimeSpan value, TimeSpan low, TimeSpan high) =>
        Require(value >= low && value <= high, key, value, $"{low} to {high}");

    private static void Require(bool condition, string key, object value, string allowed)
    {
        if (!condition) throw Invalid(key, value, allowed);
    }

    private static ArgumentException Invalid(string key, object value, string allowed) =>
        new($"{key} is '{value}'; allowed: {allowed}.");
}
