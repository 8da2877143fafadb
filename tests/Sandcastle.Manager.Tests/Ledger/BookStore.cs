using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;
using Sandcastle.Manager.Ledger;
using Sandcastle.Manager.Tests.Fakes;

namespace Sandcastle.Manager.Tests.Ledger;

/// <summary>The ledger of one test, and a way past it into its tables.</summary>
public sealed class BookStore : IDisposable
{
    private readonly string? _database;
    private readonly string _directory = Directory.CreateTempSubdirectory("sandcastle-books-").FullName;

    private BookStore(string? database) => _database = database;

    public bool IsPostgres => _database is not null;

    private string Path => System.IO.Path.Combine(_directory, "ledger.db");

    public static BookStore Sqlite() => new(database: null);

    public static async Task<BookStore> PostgresAsync(PostgresCluster cluster) => new(await cluster.NewDatabaseAsync());

    /// <summary>A second time, the same one.</summary>
    public ILedger Open() => _database is null
        ? new SqliteLedger(Path, TimeProvider.System)
        : PostgresLedger.Open(LedgerAddress.Parse(_database), TimeProvider.System);

    /// <summary>Makes the ledger as an older version of this program left it.</summary>
    public async Task MakeAsync(int version)
    {
        var migrations = _database is null ? LedgerMigrations.Sqlite : LedgerMigrations.Postgres;
        foreach (var (_, script) in migrations.After(0, "old").Take(version))
        {
            await SqlAsync(script);
        }

        await SqlAsync(_database is null
            ? $"PRAGMA user_version = {version}"
            : $"CREATE TABLE ledger_schema (version INTEGER NOT NULL); INSERT INTO ledger_schema (version) VALUES ({version})");
    }

    /// <summary>Says something to the store that no ledger would.</summary>
    public async Task<object?> SqlAsync(string sql)
    {
        await using DbConnection connection = _database is null
            ? new SqliteConnection($"Data Source={Path};Pooling=False")
            : new NpgsqlConnection(_database + ";Pooling=false");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);
}
