namespace Recorder.Storage.Tests;

public sealed class SchemaTests(StoreFixture fixture) : StoreTests(fixture)
{
    private static readonly Migration Later = new(9999, "9999_later", "SELECT 1 FORMAT Null");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Migrate_Again_RunsNothing() =>
        (await new SchemaMigrator(Fixture.Store.Client).MigrateAsync(Cancellation)).ShouldBeEmpty();

    [Fact]
    public async Task Migrate_FourAtOnce_GivesOneSchema()
    {
        using var directory = new TemporaryDirectory();
        await using EmbeddedStore engine = Engine.Create(directory.Path);
        StoreOptions options = await engine.StartAsync(Cancellation);
        RecorderStore[] stores = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => RecorderStore.OpenAsync(options, Cancellation)));
        (await new SchemaMigrator(stores[0].Client).MigrateAsync(Cancellation)).ShouldBeEmpty();
        foreach (RecorderStore store in stores) await store.DisposeAsync();
    }

    [Fact]
    public async Task Migrate_NewerOrChangedSchema_IsRefused()
    {
        using var directory = new TemporaryDirectory();
        await using EmbeddedStore engine = Engine.Create(directory.Path);
        using var client = new ClickHouseClient(await engine.StartAsync(Cancellation));
        (await new SchemaMigrator(client, [.. Migration.All, Later]).MigrateAsync(Cancellation)).ShouldContain(9999u);
        var failure = await Should.ThrowAsync<StoreException>(() => new SchemaMigrator(client).MigrateAsync(Cancellation));
        failure.Error.ShouldBe(StoreError.Schema);
        failure.Message.ShouldContain("9999");
        failure = await Should.ThrowAsync<StoreException>(
            () => new SchemaMigrator(client, [.. Migration.All, Later with { Text = "SELECT 2 FORMAT Null" }]).MigrateAsync(Cancellation));
        failure.Message.ShouldContain("checksum");
    }

    [Fact]
    public async Task Migrate_CutShort_IsFinishedNextTime()
    {
        using var directory = new TemporaryDirectory();
        await using EmbeddedStore engine = Engine.Create(directory.Path);
        using var client = new ClickHouseClient(await engine.StartAsync(Cancellation));
        var broken = new Migration(9998, "9998_broken", "CREATE TABLE IF NOT EXISTS half{local}{on_cluster} (a UInt8) ENGINE = {engine} ORDER BY a;\nSELECT nothing;\n");
        await Should.ThrowAsync<StoreException>(() => new SchemaMigrator(client, [.. Migration.All, broken]).MigrateAsync(Cancellation));
        var mended = broken with { Text = broken.Text.Replace("SELECT nothing", "SELECT 1 FORMAT Null", StringComparison.Ordinal) };
        (await new SchemaMigrator(client, [.. Migration.All, mended]).MigrateAsync(Cancellation)).ShouldBe([9998u]);
    }

    [Fact]
    public async Task Render_ForACluster_IsUnderstoodByClickHouse()
    {
        var template = new MigrationTemplate("recorder", "prod-1.x");
        string[] statements = [.. Migration.All.SelectMany(migration => template.Render(migration.Text))];
        foreach (string statement in statements)
            await Fixture.Store.Client.ExecuteAsync("EXPLAIN AST " + statement, Cancellation);
        statements.ShouldContain(s => s.StartsWith("CREATE TABLE IF NOT EXISTS frames_local ON CLUSTER `prod-1.x`", StringComparison.Ordinal)
            && s.Contains("ENGINE = ReplicatedMergeTree('/clickhouse/tables/{uuid}/{shard}', '{replica}')", StringComparison.Ordinal));
        statements.ShouldContain("CREATE TABLE IF NOT EXISTS frames ON CLUSTER `prod-1.x` AS frames_local ENGINE = Distributed('prod-1.x', 'recorder', 'frames_local', cityHash64(origin))");
        statements.ShouldContain(s => s.Contains("ReplicatedReplacingMergeTree('/clickhouse/tables/{uuid}/{shard}', '{replica}', revision)", StringComparison.Ordinal));
        statements.Count(s => s.Contains("Distributed(", StringComparison.Ordinal)).ShouldBe(statements.Count(s => s.Contains("_local ON CLUSTER", StringComparison.Ordinal)));
    }

    [Fact]
    public void Render_ForOneNode_HasNoClusterParts()
    {
        string all = string.Join(";", Migration.All.SelectMany(migration => new MigrationTemplate("recorder", null).Render(migration.Text)));
        foreach (string part in new[] { "_local", "ON CLUSTER", "Replicated", "Distributed", "{" }) all.ShouldNotContain(part, Case.Sensitive);
    }

    [Theory]
    [InlineData("v_sessions")]
    [InlineData("v_processes")]
    [InlineData("v_connections")]
    [InlineData("v_gaps")]
    [InlineData("v_origins")]
    [InlineData("v_heartbeats")]
    [InlineData("v_batches")]
    public async Task View_OnStoredData_CanBeRead(string view)
    {
        Guid id = Guid.CreateVersion7();
        await Fixture.Store.Writer.WriteAsync([new NodeLog().Session(id).Gap(id, Wire.StreamId.Out, 0, null, Wire.GapReason.OpenLate)
            .Add(id, (o, s, t, u) => new Wire.ConnectFrame { Pid = 1, Start = 2, Socket = 3, Family = 2, Protocol = 6, Address = [10, 1, 2, 3], Port = 443, Result = 0 }.Write(o, s, t, u))
            .Add(id, (o, s, t, u) => new Wire.ConnectFrame { Pid = 1, Start = 2, Socket = 3, Family = 10, Protocol = 6, Address = new byte[16], Port = 443, Result = 0 }.Write(o, s, t, u))
            .SessionEnd(id).Cut()], Cancellation);
        using var reader = new ClickHouseClient(Fixture.ReaderOptions);
        await reader.ExecuteAsync($"SELECT * FROM {view} FORMAT Null", Cancellation);
        if (view == "v_sessions")
        {
            (await reader.ListAsync("SELECT state, verdict, gaps FROM v_sessions WHERE id = {id:UUID}", new QueryParameters().Add("id", id),
                (ref RowReader row) => (row.Text(), row.Text(), row.UInt64()), Cancellation)).ShouldBe([("ended", "UNPROVEN", 1UL)]);
        }
        if (view == "v_connections")
        {
            (await reader.ListAsync("SELECT address_text FROM v_connections WHERE session = {id:UUID} ORDER BY address_text", new QueryParameters().Add("id", id),
                (ref RowReader row) => row.Text(), Cancellation)).ShouldBe(["10.1.2.3", "::"]);
        }
    }
}
