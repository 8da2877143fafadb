using Npgsql;
using Sandcastle.Manager.Ledger;
using Sandcastle.Manager.Tests.Fakes;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Manager.Tests.Ledger;

[Collection(PostgresCollection.Name)]
public sealed class PostgresLedgerTests(PostgresCluster cluster) : LedgerContract
{
    private string? _database;

    [Fact]
    public async Task Open_manyManagersAtOnce_makeOneSchema()
    {
        var address = LedgerAddress.Parse(await DatabaseAsync());
        var ledgers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(
            () => PostgresLedger.Open(address, TimeProvider.System), TestContext.Current.CancellationToken)));
        (await ScalarAsync("SELECT version FROM ledger_schema")).ShouldBe(LedgerMigrations.Postgres.Concepts.Count);
        foreach (var ledger in ledgers)
        {
            await ledger.DisposeAsync();
        }
    }

    [Fact]
    public async Task Open_ledgerOfALaterVersion_refuses()
    {
        await (await OpenAsync()).DisposeAsync();
        await ScalarAsync("UPDATE ledger_schema SET version = 999");
        (await Should.ThrowAsync<InvalidOperationException>(OpenAsync)).Message.ShouldContain("later version");
    }

    [Fact]
    public async Task Open_databaseThatIsNotThere_saysSoWithoutThePassword()
    {
        var connection = (await DatabaseAsync()).Replace("Database=", "Password=secret;Database=no", StringComparison.Ordinal);
        var refused = Should.Throw<LedgerUnavailableException>(() => PostgresLedger.Open(LedgerAddress.Parse(connection), TimeProvider.System));
        refused.Message.ShouldContain("does not exist");
        refused.Message.ShouldContain("PostgreSQL at /");
        refused.Message.ShouldNotContain("secret");
    }

    [Fact]
    public async Task Record_whileTheServerIsDown_saysSo()
    {
        await using var ledger = await OpenAsync();
        await cluster.KillAsync();
        try
        {
            var outage = await Should.ThrowAsync<LedgerUnavailableException>(
                ledger.RecordAsync([Receipts.New()], TestContext.Current.CancellationToken));
            outage.Message.ShouldContain("does not answer");
        }
        finally
        {
            await cluster.StartAsync();
        }

        await ledger.RecordAsync([Receipts.New()], TestContext.Current.CancellationToken);
        (await SumAsync(ledger, "default")).Single().Runs.ShouldBe(1);
    }

    /// <summary>Killed again and again while batches are under way; whoever is not told "recorded" offers again, as a worker's journal does.</summary>
    [Fact]
    public async Task Record_serverKilledInMidBatch_losesAndDoublesNothing()
    {
        await using var ledger = await OpenAsync();
        var receipts = Enumerable.Range(0, 20_000).Select(i => Receipts.New() with { CpuMicros = i }).ToArray();
        var writers = Enumerable.Range(0, 4).Select(w => Task.Run(
            async () =>
            {
                foreach (var batch in receipts.Where((_, i) => i % 4 == w).Chunk(250))
                {
                    await OfferUntilRecordedAsync(ledger, batch);
                }
            },
            TestContext.Current.CancellationToken)).ToList();
        var kills = 0;
        while (!writers.TrueForAll(t => t.IsCompleted) && kills < 5)
        {
            var before = (await SumAsync(ledger, "default")).Sum(r => r.Runs);
            while (!writers.TrueForAll(t => t.IsCompleted) && (await SumAsync(ledger, "default")).Sum(r => r.Runs) < before + 500)
            {
                TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            }

            await cluster.KillAsync();
            await cluster.StartAsync();
            kills++;
        }

        await Task.WhenAll(writers);
        kills.ShouldBeGreaterThan(1);
        var sum = (await SumAsync(ledger, "default")).Single();
        sum.Runs.ShouldBe(receipts.Length);
        sum.CpuMicros.ShouldBe(receipts.Sum(r => r.CpuMicros));
        (await ledger.VerifyAsync(TestContext.Current.CancellationToken)).Holds.ShouldBeTrue();
    }

    /// <summary>Tables, columns, what may be null and what is unique are the same, by different words.</summary>
    [Fact]
    public async Task Schema_ofBothStores_meansTheSame()
    {
        LedgerMigrations.Postgres.Concepts.ShouldBe(LedgerMigrations.Sqlite.Concepts);
        await (await OpenAsync()).DisposeAsync();
        var postgres = await RowsAsync("""
            SELECT c.table_name || '.' || c.column_name || ' '
                || CASE c.data_type WHEN 'bigint' THEN 'INTEGER' WHEN 'text' THEN 'TEXT' WHEN 'bytea' THEN 'BLOB' WHEN 'double precision' THEN 'REAL' ELSE c.data_type END
                || CASE c.is_nullable WHEN 'NO' THEN ' required' ELSE '' END
            FROM information_schema.columns c WHERE c.table_schema = 'public' AND c.table_name <> 'ledger_schema'
            """);
        SqliteColumns().ShouldBe(postgres, ignoreOrder: true);
    }

    protected override async Task<ILedger> OpenAsync() => PostgresLedger.Open(LedgerAddress.Parse(await DatabaseAsync()), TimeProvider.System);

    private static async Task OfferUntilRecordedAsync(ILedger ledger, Receipt[] batch)
    {
        while (true)
        {
            try
            {
                await ledger.RecordAsync(batch, TestContext.Current.CancellationToken);
                return;
            }
            catch (LedgerUnavailableException)
            {
                // Offered again.
            }
        }
    }

    private static List<string> SqliteColumns()
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("sandcastle-ledger-").FullName, "ledger.db");
        using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={path};Pooling=False");
        new SqliteLedger(path, TimeProvider.System).DisposeAsync().AsTask().GetAwaiter().GetResult();
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = """
            SELECT t.name || '.' || c.name || ' ' || c.type || CASE WHEN c."notnull" OR c.pk THEN ' required' ELSE '' END
            FROM sqlite_schema t JOIN pragma_table_info(t.name) c WHERE t.type = 'table'
            """;
        var columns = new List<string>();
        using (var reader = command.ExecuteReader())
        {
            while (reader.Read())
            {
                columns.Add(reader.GetString(0));
            }
        }

        connection.Close();
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
        return columns;
    }

    private async Task<string> DatabaseAsync() => _database ??= await cluster.NewDatabaseAsync();

    private async Task<object?> ScalarAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(await DatabaseAsync() + ";Pooling=false");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }

    private async Task<List<string>> RowsAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(await DatabaseAsync() + ";Pooling=false");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var rows = new List<string>();
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
        {
            rows.Add(reader.GetString(0));
        }

        return rows;
    }
}
