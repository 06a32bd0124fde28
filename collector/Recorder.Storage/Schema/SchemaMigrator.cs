namespace Recorder.Storage;

/// <summary>
/// Brings the schema up to date. Rules: 1. every statement may run twice, so two collectors may start at once and a migration
/// that was cut short is run again; 2. a migration is noted after its last statement; 3. a released migration's text never
/// changes; 4. a schema with a migration that this program doesn't have is refused.
/// </summary>
public sealed class SchemaMigrator
{
    private readonly ClickHouseClient _client;
    private readonly IReadOnlyList<Migration> _migrations;
    private readonly MigrationTemplate _template;

    /// <summary>Creates a migrator for the client's database and cluster.</summary>
    public SchemaMigrator(ClickHouseClient client)
        : this(client, Migration.All)
    {
    }

    internal SchemaMigrator(ClickHouseClient client, IReadOnlyList<Migration> migrations)
    {
        _client = client;
        _migrations = migrations;
        _template = new MigrationTemplate(client.Options.Database, client.Options.Cluster);
    }

    /// <summary>Runs what is missing.</summary>
    /// <returns>Numbers of the migrations that were run.</returns>
    /// <exception cref="StoreException"><see cref="StoreError.Schema"/>: newer than this program, or changed.</exception>
    public async Task<IReadOnlyList<uint>> MigrateAsync(CancellationToken cancellation)
    {
        await PrepareAsync(cancellation).ConfigureAwait(false);
        Dictionary<uint, string> applied = await AppliedAsync(cancellation).ConfigureAwait(false);
        Check(applied);
        var run = new List<uint>();
        foreach (Migration migration in _migrations.Where(migration => !applied.ContainsKey(migration.Number)))
        {
            foreach (string statement in _template.Render(migration.Text))
                await _client.ExecuteAsync(statement, cancellation).ConfigureAwait(false);
            await NoteAsync(migration, cancellation).ConfigureAwait(false);
            run.Add(migration.Number);
        }
        return run;
    }

    private async Task PrepareAsync(CancellationToken cancellation)
    {
        await _client.ExecuteAsync(
            $"CREATE DATABASE IF NOT EXISTS {_client.Options.Database}{_template.OnCluster}", null, inDatabase: false, cancellation)
            .ConfigureAwait(false);
        // Not sharded: one path for all replicas of all shards, so that every node tells the same.
        string engine = _client.Options.Cluster is null
            ? "ReplacingMergeTree"
            : "ReplicatedReplacingMergeTree('/clickhouse/tables/{database}/schema_migrations', '{shard}-{replica}')";
        await _client.ExecuteAsync(
            $"CREATE TABLE IF NOT EXISTS schema_migrations{_template.OnCluster} "
            + "(number UInt32, name String, checksum String, applied DateTime64(3, 'UTC') DEFAULT now64(3)) "
            + $"ENGINE = {engine} ORDER BY (number, checksum)", cancellation).ConfigureAwait(false);
    }

    private async Task<Dictionary<uint, string>> AppliedAsync(CancellationToken cancellation)
    {
        var rows = await _client.ListAsync(
            "SELECT DISTINCT number, checksum FROM schema_migrations ORDER BY number", null,
            (ref RowReader row) => (Number: row.UInt32(), Checksum: row.Text()), cancellation).ConfigureAwait(false);
        var applied = new Dictionary<uint, string>();
        foreach (var (number, checksum) in rows)
        {
            if (!applied.TryAdd(number, checksum))
                throw new StoreException(StoreError.Schema, $"Migration {number} is noted twice with different checksums in {Place}.");
        }
        return applied;
    }

    private void Check(Dictionary<uint, string> applied)
    {
        uint known = _migrations.Count == 0 ? 0 : _migrations[^1].Number;
        if (applied.Count > 0 && applied.Keys.Max() is var newest && newest > known)
        {
            throw new StoreException(
                StoreError.Schema,
                $"The schema in {Place} is at migration {newest}, and this collector knows {known}. Run the collector version that made it, or a newer one.");
        }
        foreach (Migration migration in _migrations)
        {
            if (applied.TryGetValue(migration.Number, out string? checksum) && checksum != migration.Checksum)
            {
                throw new StoreException(
                    StoreError.Schema, $"Migration {migration.Name} in {Place} has checksum {checksum}, and this collector's has {migration.Checksum}.");
            }
        }
    }

    private string Place => $"database {_client.Options.Database} at {_client.Options.Endpoint}";

    private async Task NoteAsync(Migration migration, CancellationToken cancellation)
    {
        using var row = new RowWriter();
        row.UInt32(migration.Number);
        row.Text(migration.Name);
        row.Text(migration.Checksum);
        await _client.InsertAsync(
            "schema_migrations (number, name, checksum)", row.Written, $"migration-{migration.Number}-{migration.Checksum}", cancellation)
            .ConfigureAwait(false);
    }
}
