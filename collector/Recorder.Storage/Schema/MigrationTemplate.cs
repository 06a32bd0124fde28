using System.Text.RegularExpressions;

namespace Recorder.Storage;

/// <summary>
/// Fills the places of a migration's text. One node: MergeTree tables. A cluster: replicated tables named <c>…_local</c> with a
/// Distributed table of the plain name before them, sharded by origin so that a batch stays on one shard.
/// </summary>
internal sealed partial class MigrationTemplate(string database, string? cluster)
{
    private const string Durable =
        ", fsync_after_insert = 1, fsync_part_directory = 1, non_replicated_deduplication_window = 1000";

    // {uuid}, {shard} and {replica} are macros of the server.
    private const string Path = "'/clickhouse/tables/{uuid}/{shard}', '{replica}'";

    /// <summary>" ON CLUSTER `name`", or nothing.</summary>
    public string OnCluster => cluster is null ? "" : $" ON CLUSTER `{cluster}`";

    /// <summary>Suffix of the tables that hold rows.</summary>
    public string Local => cluster is null ? "" : "_local";

    /// <summary>Engine for tables whose rows are never replaced.</summary>
    public string Engine => cluster is null ? "MergeTree" : $"ReplicatedMergeTree({Path})";

    /// <summary>The statements of a migration, ready to run.</summary>
    public IReadOnlyList<string> Render(string text)
    {
        string filled = Place().Replace(Comment().Replace(text, ""), match => Value(match.Groups[1].Value, match.Groups[2].Value));
        return [.. filled.Split(";\n").Select(statement => statement.Trim()).Where(statement => statement.Length > 0)];
    }

    /// <summary>A ReplacingMergeTree; the row with the highest version stays.</summary>
    public string Replacing(string version) => (cluster, version) switch
    {
        (null, "") => "ReplacingMergeTree",
        (null, _) => $"ReplacingMergeTree({version})",
        (_, "") => $"ReplicatedReplacingMergeTree({Path})",
        _ => $"ReplicatedReplacingMergeTree({Path}, {version})",
    };

    private string Value(string name, string argument) => name switch
    {
        "on_cluster" => OnCluster,
        "local" => Local,
        "engine" => Engine,
        "replacing" => Replacing(argument),
        "durable" => Durable,
        "distributed" => Distributed(argument),
        _ => throw new StoreException(StoreError.Schema, $"A migration has the unknown place {{{name}}}."),
    };

    private string Distributed(string table) => cluster is null ? "" :
        $"CREATE TABLE IF NOT EXISTS {table}{OnCluster} AS {table}_local "
        + $"ENGINE = Distributed('{cluster}', '{database}', '{table}_local', cityHash64(origin));\n";

    [GeneratedRegex(@"\{([a-z_]+)(?: ([a-z_]+))?\}")]
    private static partial Regex Place();

    [GeneratedRegex(@"^--.*\n", RegexOptions.Multiline)]
    private static partial Regex Comment();
}
