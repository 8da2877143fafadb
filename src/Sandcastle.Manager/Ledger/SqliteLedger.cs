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
    private const string Now = "CAST(unixepoch('subsec') * 1000000 AS INTEGER)";

    private const string InsertDocument = "INSERT INTO documents (json) VALUES (@json) ON CONFLICT (json) DO NOTHING";

    private const string InsertReceipt = """
        INSERT INTO receipts (
            run, tenant, template, profile, keep, worker, started_at, recorded_at, outcome, exit_code, signal,
            cpu_micros, cpu_user_micros, cpu_system_micros, rusage_cpu_micros, wall_micros, peak_memory_bytes,
            memory_byte_seconds, io_read_bytes, io_write_bytes, output_bytes, limits, unenforced, sources)
        VALUES (
            @Run, @Tenant, @Template, @Profile, @Keep, @Worker, @StartedAt, @RecordedAt, @Outcome, @ExitCode, @Signal,
            @CpuMicros, @CpuUserMicros, @CpuSystemMicros, @RusageCpuMicros, @WallMicros, @PeakMemoryBytes,
            @MemoryByteSeconds, @IoReadBytes, @IoWriteBytes, @OutputBytes,
            (SELECT id FROM documents WHERE json = @Limits), @Unenforced, (SELECT id FROM documents WHERE json = @Sources))
        ON CONFLICT (run) DO NOTHING
        """;

    private readonly string _connectionString;
    private readonly SqliteConnection _writer;
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly TimeProvider _clock;

    /// <summary>Opens the ledger, makes it where it is missing and brings its schema forward. Whoever opens it is its only manager.</summary>
    public SqliteLedger(string path, TimeProvider clock)
        : base(Now)
    {
        _clock = clock;
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

    public override async Task RecordAsync(IReadOnlyList<Receipt> receipts, CancellationToken cancellationToken)
    {
        var now = _clock.GetUtcNow();
        var rows = receipts.Select(r => ReceiptRow.From(r, now)).ToList();
        await WriteAsync(
            connection =>
            {
                // SQLite's calls are synchronous behind their names, so nothing here gains from await.
                using var transaction = connection.BeginTransaction();
                foreach (var json in rows.SelectMany(r => new[] { r.Limits, r.Sources }).Distinct(StringComparer.Ordinal))
                {
                    connection.Execute(InsertDocument, new { json }, transaction);
                }

                connection.Execute(InsertReceipt, rows, transaction);
                transaction.Commit();
                return Task.FromResult(rows.Count);
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
}
