using Dapper;
using Microsoft.Data.Sqlite;

namespace Sandcastle.Manager.Ledger;

/// <summary>Records receipts in a transaction of the one writer: each that was not there yet is posted and summed up, the others are passed over.</summary>
internal sealed class SqliteReceipts(SqliteConnection connection, SqliteTransaction transaction) : IDisposable
{
    private static readonly string[] Columns =
    [
        "run", "tenant", "template", "profile", "keep", "worker", "lot", "started_at", "recorded_at", "outcome", "exit_code", "signal",
        "cpu_micros", "cpu_user_micros", "cpu_system_micros", "rusage_cpu_micros", "wall_micros", "peak_memory_bytes",
        "memory_byte_seconds", "byte_seconds", "io_read_bytes", "io_write_bytes", "output_bytes", "limits", "unenforced", "sources", "posting",
    ];

    private static readonly string InsertReceipt =
        $"INSERT INTO receipts ({string.Join(", ", Columns)}) VALUES ({string.Join(", ", Columns.Select(c => "@" + c))}) ON CONFLICT (run) DO NOTHING";

    private const string InsertTransaction = "INSERT INTO transactions (id, kind, at) VALUES (@posting, 'receipt', @at)";

    private const string InsertEntries = """
        INSERT INTO entries (posting, account, cpu_micros, byte_seconds)
        VALUES (@posting, @source, -@cpu, -@bytes), (@posting, @tenant, @cpu, @bytes)
        """;

    private readonly SqliteCommand _receipt = Prepare(connection, transaction, InsertReceipt, Columns);
    private readonly SqliteCommand _transaction = Prepare(connection, transaction, InsertTransaction, ["posting", "at"]);
    private readonly SqliteCommand _entries = Prepare(connection, transaction, InsertEntries, ["posting", "source", "tenant", "cpu", "bytes"]);

    public void Record(IReadOnlyList<ReceiptRow> rows, IReadOnlyDictionary<string, long> documents, IReadOnlyDictionary<Account, long> accounts)
    {
        var posting = connection.ExecuteScalar<long>(LedgerDialect.Sqlite.NextPosting, transaction: transaction);
        var fresh = new List<ReceiptRow>(rows.Count);
        foreach (var row in rows)
        {
            if (!Insert(row, documents, posting))
            {
                continue;
            }

            Run(_transaction, posting, row.StartedAt);
            Run(_entries, posting, accounts[row.Source], accounts[row.Charged], row.CpuMicros, row.ByteSeconds);
            fresh.Add(row);
            posting++;
        }

        foreach (var sum in ReceiptSum.ByMinute(fresh))
        {
            connection.Execute(LedgerStatements.AddToRollup, sum, transaction);
        }

        foreach (var use in fresh.GroupBy(row => (row.Tenant, Hour: LedgerSpan.Hour.Floor(row.RecordedAt))))
        {
            connection.Execute(
                BookedUse.Add,
                new { tenant = use.Key.Tenant, hour = use.Key.Hour, cpu = ReceiptSum.Of(use, row => row.CpuMicros), bytes = ReceiptSum.Of(use, row => row.ByteSeconds) },
                transaction);
        }
    }

    public void Dispose()
    {
        _receipt.Dispose();
        _transaction.Dispose();
        _entries.Dispose();
    }

    private bool Insert(ReceiptRow row, IReadOnlyDictionary<string, long> documents, long posting) => Run(
        _receipt,
        row.Run, row.Tenant, row.Template, row.Profile, row.Keep, row.Worker, row.Lot, row.StartedAt, row.RecordedAt, row.Outcome, row.ExitCode, row.Signal,
        row.CpuMicros, row.CpuUserMicros, row.CpuSystemMicros, row.RusageCpuMicros, row.WallMicros, row.PeakMemoryBytes,
        row.MemoryByteSeconds, row.ByteSeconds, row.IoReadBytes, row.IoWriteBytes, row.OutputBytes, documents[row.Limits], row.Unenforced, documents[row.Sources],
        posting) == 1;

    private static SqliteCommand Prepare(SqliteConnection connection, SqliteTransaction transaction, string sql, string[] parameters)
    {
        var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        foreach (var name in parameters)
        {
            command.Parameters.Add(new SqliteParameter { ParameterName = "@" + name });
        }

        return command;
    }

    private static int Run(SqliteCommand command, params ReadOnlySpan<object?> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i] ?? DBNull.Value;
        }

        return command.ExecuteNonQuery();
    }
}
