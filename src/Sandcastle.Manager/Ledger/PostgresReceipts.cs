using Npgsql;

namespace Sandcastle.Manager.Ledger;

/// <summary>
/// Any number of receipts as one statement: an array for each column, so that its text, and its plan, are always the same. What was not there
/// yet is inserted, posted and summed up, or nothing of it is.
/// </summary>
internal static class PostgresReceipts
{
    private const string Text = """
        WITH offered AS (
            SELECT * FROM unnest(
                $1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
                $10::bigint[], $11::bigint[], $12::bigint[], $13::bigint[], $14::bigint[], $15::bigint[], $16::bigint[],
                $17::bigint[], $18::bigint[], $19::bigint[], $20::bigint[], $21::bigint[], $22::bigint[], $23::bigint[], $24::bigint[],
                $25::double precision[], $26::bigint[], $27::bigint[], $28::bigint[]) AS o (
                run, tenant, template, profile, keep, worker, lot, outcome, unenforced,
                started_at, recorded_at, cpu_micros, cpu_user_micros, cpu_system_micros, rusage_cpu_micros, wall_micros,
                peak_memory_bytes, io_read_bytes, io_write_bytes, output_bytes, limits, sources, exit_code, signal,
                memory_byte_seconds, byte_seconds, payer, charged)),
        fresh AS (
            INSERT INTO receipts (
                run, tenant, template, profile, keep, worker, lot, outcome, unenforced,
                started_at, recorded_at, cpu_micros, cpu_user_micros, cpu_system_micros, rusage_cpu_micros, wall_micros,
                peak_memory_bytes, io_read_bytes, io_write_bytes, output_bytes, limits, sources, exit_code, signal,
                memory_byte_seconds, byte_seconds, posting)
            SELECT
                run, tenant, template, profile, keep, worker, lot, outcome, unenforced,
                started_at, recorded_at, cpu_micros, cpu_user_micros, cpu_system_micros, rusage_cpu_micros, wall_micros,
                peak_memory_bytes, io_read_bytes, io_write_bytes, output_bytes, limits, sources, exit_code, signal,
                memory_byte_seconds, byte_seconds, nextval('postings')
            FROM offered
            ON CONFLICT (run) DO NOTHING
            RETURNING *),
        booked AS (
            INSERT INTO transactions (id, kind, at) SELECT posting, 'receipt', started_at FROM fresh),
        entered AS (
            INSERT INTO entries (posting, account, cpu_micros, byte_seconds)
            SELECT f.posting, e.account, e.sign * f.cpu_micros, e.sign * f.byte_seconds
            FROM fresh f JOIN offered o ON o.run = f.run CROSS JOIN LATERAL (VALUES (o.payer, -1), (o.charged, 1)) AS e (account, sign)),
        summed AS (
            INSERT INTO rollups (
                tenant, starts_at, seconds, template, outcome, source_kind, source, runs,
                cpu_micros, byte_seconds, wall_micros, io_read_bytes, io_write_bytes, output_bytes)
            SELECT tenant, started_at / 60000000 * 60000000, 60, template, outcome, CASE WHEN lot IS NULL THEN 'worker' ELSE 'lot' END,
                COALESCE(lot, worker), COUNT(*), CAST(LEAST(SUM(cpu_micros), 9223372036854775807) AS BIGINT),
                CAST(LEAST(SUM(byte_seconds), 9223372036854775807) AS BIGINT), CAST(LEAST(SUM(wall_micros), 9223372036854775807) AS BIGINT),
                CAST(LEAST(SUM(io_read_bytes), 9223372036854775807) AS BIGINT), CAST(LEAST(SUM(io_write_bytes), 9223372036854775807) AS BIGINT),
                CAST(LEAST(SUM(output_bytes), 9223372036854775807) AS BIGINT)
            FROM fresh GROUP BY 1, 2, 4, 5, 6, 7 ORDER BY 1, 2, 4, 5, 6, 7

        """ + LedgerStatements.SumUp + """
        ),
        used AS (
            INSERT INTO booked_use (tenant, hour, cpu_micros, byte_seconds)
            SELECT tenant, recorded_at / 3600000000 * 3600000000, CAST(LEAST(SUM(cpu_micros), 9223372036854775807) AS BIGINT),
                CAST(LEAST(SUM(byte_seconds), 9223372036854775807) AS BIGINT)
            FROM fresh GROUP BY 1, 2 ORDER BY 1, 2

        """ + BookedUse.SumUp + """
        )
        SELECT COUNT(*) FROM fresh
        """;

    /// <summary>Rows of different runs, in the order of the runs.</summary>
    public static NpgsqlCommand Insert(
        NpgsqlConnection connection, IReadOnlyList<ReceiptRow> rows, IReadOnlyDictionary<string, long> documents, IReadOnlyDictionary<Account, long> accounts)
    {
        var command = new NpgsqlCommand(Text, connection);

        void Add<T>(Func<ReceiptRow, T> column) => command.Parameters.Add(new NpgsqlParameter<T[]> { TypedValue = [.. rows.Select(column)] });

        Add(r => r.Run);
        Add(r => r.Tenant);
        Add(r => r.Template);
        Add(r => r.Profile);
        Add(r => r.Keep);
        Add(r => r.Worker);
        Add(r => r.Lot);
        Add(r => r.Outcome);
        Add(r => r.Unenforced);
        Add(r => r.StartedAt);
        Add(r => r.RecordedAt);
        Add(r => r.CpuMicros);
        Add(r => r.CpuUserMicros);
        Add(r => r.CpuSystemMicros);
        Add(r => r.RusageCpuMicros);
        Add(r => r.WallMicros);
        Add(r => r.PeakMemoryBytes);
        Add(r => r.IoReadBytes);
        Add(r => r.IoWriteBytes);
        Add(r => r.OutputBytes);
        Add(r => documents[r.Limits]);
        Add(r => documents[r.Sources]);
        Add(r => r.ExitCode);
        Add(r => r.Signal);
        Add(r => r.MemoryByteSeconds);
        Add(r => r.ByteSeconds);
        Add(r => accounts[r.Source]);
        Add(r => accounts[r.Charged]);
        return command;
    }
}
