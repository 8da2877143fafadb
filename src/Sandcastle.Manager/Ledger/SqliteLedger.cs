using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Manager.Ledger;

/// <summary>
/// The ledger in one SQLite file, written ahead (WAL): one writer, any number of readers, one manager. A commit is on disk before the
/// worker is told to forget, so <c>synchronous</c> is FULL. Safe for concurrent use.
/// </summary>
public sealed class SqliteLedger : SqlLedger
{
    private readonly string _connectionString;
    private readonly SqliteConnection _writer;
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly SqliteDocuments _documents = new();
    private readonly TimeProvider _clock;

    private SqliteLedger(SqliteConnection reader, TimeProvider clock)
        : base(LedgerDialect.Sqlite)
    {
        _clock = clock;
        _connectionString = reader.ConnectionString;
        _writer = reader;
    }

    /// <summary>Opens the ledger, makes it where it is missing and brings its schema forward. Whoever opens it is its only manager.</summary>
    public SqliteLedger(string path, TimeProvider clock)
        : base(LedgerDialect.Sqlite)
    {
        _clock = clock;
        MakePrivate(path);
        _connectionString = new SqliteConnectionStringBuilder { DataSource = path, ForeignKeys = true }.ToString();
        _writer = new SqliteConnection(_connectionString);
        _writer.Open();
        _writer.Execute("PRAGMA journal_mode = WAL");
        _writer.Execute("PRAGMA synchronous = FULL");
        foreach (var (version, script) in LedgerMigrations.Sqlite.After(_writer.ExecuteScalar<int>("PRAGMA user_version"), path))
        {
            using var transaction = _writer.BeginTransaction();
            _writer.Execute(script, transaction: transaction);
            _writer.Execute($"PRAGMA user_version = {version}", transaction: transaction);
            transaction.Commit();
        }

        // A predecessor that was killed had no time to leave.
        _writer.Execute("DELETE FROM managers");
    }

    public override bool IsShared => false;

    /// <exception cref="InvalidOperationException">There is none, or it is another version's.</exception>
    internal static SqliteLedger OpenForReading(string path, TimeProvider clock)
    {
        if (!File.Exists(path))
        {
            throw new InvalidOperationException($"there is no ledger at {path}");
        }

        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadOnly }.ToString());
        try
        {
            connection.Open();
            LedgerMigrations.Sqlite.RequireCurrent(connection.ExecuteScalar<int>("PRAGMA user_version"), path);
            return new SqliteLedger(connection, clock);
        }
        catch (SqliteException e)
        {
            connection.Dispose();
            throw new LedgerUnavailableException($"the ledger at {path} cannot be read: {e.Message}", e);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public override async Task RecordAsync(IReadOnlyList<Receipt> receipts, CancellationToken cancellationToken)
    {
        var now = _clock.GetUtcNow();
        var rows = receipts.Select(r => ReceiptRow.From(r, now)).ToList();
        await WriteAsync(
            async connection =>
            {
                var sqlite = (SqliteConnection)connection;
                var documents = _documents.FindOrAdd(sqlite, rows.SelectMany(r => new[] { r.Limits, r.Sources }));
                var accounts = await Accounts.FindOrOpenAsync(connection, rows.SelectMany(r => new[] { r.Source, r.Charged }), cancellationToken);

                // SQLite's calls are synchronous behind their names, so nothing here gains from await.
                using var transaction = sqlite.BeginTransaction();
                using (var insert = new SqliteReceipts(sqlite, transaction))
                {
                    insert.Record(rows, documents, accounts);
                }

                transaction.Commit();
                return rows.Count;
            },
            cancellationToken);
    }

    public override async ValueTask DisposeAsync()
    {
        await _writer.DisposeAsync();
        _writing.Dispose();

        // Pooled readers keep the file open, and with it the write-ahead log from being folded in.
        using var pool = new SqliteConnection(_connectionString);
        SqliteConnection.ClearPool(pool);
    }

    private protected override async Task<T> ReadAsync<T>(Func<DbConnection, Task<T>> query, CancellationToken cancellationToken)
    {
        await using var connection = new SqliteConnection(_connectionString);
        await connection.OpenAsync(cancellationToken);
        return await query(connection);
    }

    private protected override async Task<T> WriteAsync<T>(Func<DbConnection, Task<T>> change, CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            return await change(_writer);
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>Results of runs are in it, and the directory may be one that others can enter. SQLite gives the files beside it the same mode.</summary>
    private static void MakePrivate(string path)
    {
        if (!File.Exists(path))
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite };
            using var file = new FileStream(path, options);
        }
    }
}
