using Dapper;
using Microsoft.Data.Sqlite;
using Sandcastle.Protocol.Rest;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Manager.Ledger;

/// <summary>
/// Receipts in one SQLite file, written ahead (WAL): one writer, any number of readers. A commit is on disk before the worker
/// is told to forget, so <c>synchronous</c> is FULL. Safe for concurrent use.
/// </summary>
public sealed class SqliteLedger : IAsyncDisposable
{
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

    private const string SelectReceipt = """
        SELECT run AS Run, tenant AS Tenant, template AS Template, profile AS Profile, keep AS Keep, worker AS Worker,
            started_at AS StartedAt, recorded_at AS RecordedAt, outcome AS Outcome, exit_code AS ExitCode, signal AS Signal,
            cpu_micros AS CpuMicros, cpu_user_micros AS CpuUserMicros, cpu_system_micros AS CpuSystemMicros,
            rusage_cpu_micros AS RusageCpuMicros, wall_micros AS WallMicros, peak_memory_bytes AS PeakMemoryBytes,
            memory_byte_seconds AS MemoryByteSeconds, io_read_bytes AS IoReadBytes, io_write_bytes AS IoWriteBytes,
            output_bytes AS OutputBytes, l.json AS Limits, unenforced AS Unenforced, s.json AS Sources
        FROM receipts JOIN documents l ON l.id = limits JOIN documents s ON s.id = sources
        WHERE run = @run AND tenant = @tenant
        """;

    private const string SumReceipts = """
        SELECT template AS Template, outcome AS Outcome, COUNT(*) AS Runs, SUM(cpu_micros) AS CpuMicros,
            SUM(memory_byte_seconds) AS MemoryByteSeconds, SUM(wall_micros) AS WallMicros, SUM(io_read_bytes) AS IoReadBytes,
            SUM(io_write_bytes) AS IoWriteBytes, SUM(output_bytes) AS OutputBytes
        FROM receipts WHERE tenant = @tenant AND started_at >= @from AND started_at < @to
        GROUP BY template, outcome ORDER BY template, outcome
        """;

    private readonly string _connectionString;
    private readonly SqliteConnection _writer;
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly TimeProvider _clock;

    /// <summary>Opens the ledger, makes it where it is missing and brings its schema forward.</summary>
    public SqliteLedger(string path, TimeProvider clock)
    {
        _clock = clock;
        _connectionString = new SqliteConnectionStringBuilder { DataSource = path, ForeignKeys = true }.ToString();
        _writer = new SqliteConnection(_connectionString);
        _writer.Open();
        _writer.Execute("PRAGMA journal_mode = WAL");
        _writer.Execute("PRAGMA synchronous = FULL");
        LedgerMigrations.Apply(_writer);
    }

    /// <summary>Records receipts, all or none; one that is there already is left as it is. On return they are on disk.</summary>
    public async Task RecordAsync(IReadOnlyList<Receipt> receipts, CancellationToken cancellationToken)
    {
        var now = _clock.GetUtcNow();
        var rows = receipts.Select(r => ReceiptRow.From(r, now)).ToList();
        await _writing.WaitAsync(cancellationToken);
        try
        {
            // SQLite's calls are synchronous behind their names, so nothing here gains from await.
            using var transaction = _writer.BeginTransaction();
            foreach (var json in rows.SelectMany(r => new[] { r.Limits, r.Sources }).Distinct(StringComparer.Ordinal))
            {
                _writer.Execute(InsertDocument, new { json }, transaction);
            }

            _writer.Execute(InsertReceipt, rows, transaction);
            transaction.Commit();
        }
        finally
        {
            _writing.Release();
        }
    }

    public async Task<Receipt?> FindAsync(string tenant, RunId run, CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(cancellationToken);
        var row = await connection.QuerySingleOrDefaultAsync<ReceiptRow>(
            new CommandDefinition(SelectReceipt, new { run = run.Value, tenant }, cancellationToken: cancellationToken));
        return row?.ToReceipt();
    }

    /// <summary>Sums of the runs that started in [from, to), by template and outcome.</summary>
    public async Task<IReadOnlyList<UsageRow>> SumAsync(string tenant, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(cancellationToken);
        var sums = await connection.QueryAsync<UsageSum>(new CommandDefinition(
            SumReceipts,
            new { tenant, from = LedgerTime.ToMicros(from), to = LedgerTime.ToMicros(to) },
            cancellationToken: cancellationToken));
        return [.. sums.Select(s => s.ToRow())];
    }

    public async ValueTask DisposeAsync()
    {
        await _writer.DisposeAsync();
        _writing.Dispose();

        // Pooled readers keep the file open, and with it the write-ahead log from being folded in.
        using var pool = new SqliteConnection(_connectionString);
        SqliteConnection.ClearPool(pool);
    }

    private async Task<SqliteConnection> OpenAsync(CancellationToken cancellationToken)
    {
        var connection = new SqliteConnection(_connectionString);
        await connection.OpenAsync(cancellationToken);
        return connection;
    }
}
