namespace Sandcastle.Manager.Ledger;

/// <summary>What both stores are asked in the same words.</summary>
internal static class LedgerStatements
{
    private const string Receipts = """
        SELECT run AS Run, tenant AS Tenant, template AS Template, profile AS Profile, keep AS Keep, worker AS Worker, lot AS Lot,
            started_at AS StartedAt, recorded_at AS RecordedAt, outcome AS Outcome, exit_code AS ExitCode, signal AS Signal,
            cpu_micros AS CpuMicros, cpu_user_micros AS CpuUserMicros, cpu_system_micros AS CpuSystemMicros,
            rusage_cpu_micros AS RusageCpuMicros, wall_micros AS WallMicros, peak_memory_bytes AS PeakMemoryBytes,
            memory_byte_seconds AS MemoryByteSeconds, io_read_bytes AS IoReadBytes, io_write_bytes AS IoWriteBytes,
            output_bytes AS OutputBytes, l.json AS Limits, unenforced AS Unenforced, s.json AS Sources
        FROM receipts JOIN documents l ON l.id = limits JOIN documents s ON s.id = sources

        """;

    public const string SelectReceipt = Receipts + "WHERE run = @run AND tenant = @tenant";

    /// <summary>A tenant's, behind the last one that was read.</summary>
    public const string SelectReceipts = Receipts + """
        WHERE tenant = @tenant AND started_at >= @moment AND started_at < @end AND (started_at, run) > (@moment, @run)
        ORDER BY started_at, run LIMIT @page
        """;

    /// <summary>Sums stay where an amount ends, as in <see cref="ReceiptSum"/>.</summary>
    public const string SumUp = """
        ON CONFLICT (tenant, starts_at, seconds, template, outcome, source_kind, source) DO UPDATE SET
            runs = rollups.runs + excluded.runs,
            cpu_micros = CASE WHEN excluded.cpu_micros > 9223372036854775807 - rollups.cpu_micros THEN 9223372036854775807 ELSE rollups.cpu_micros + excluded.cpu_micros END,
            byte_seconds = CASE WHEN excluded.byte_seconds > 9223372036854775807 - rollups.byte_seconds THEN 9223372036854775807 ELSE rollups.byte_seconds + excluded.byte_seconds END,
            wall_micros = CASE WHEN excluded.wall_micros > 9223372036854775807 - rollups.wall_micros THEN 9223372036854775807 ELSE rollups.wall_micros + excluded.wall_micros END,
            io_read_bytes = CASE WHEN excluded.io_read_bytes > 9223372036854775807 - rollups.io_read_bytes THEN 9223372036854775807 ELSE rollups.io_read_bytes + excluded.io_read_bytes END,
            io_write_bytes = CASE WHEN excluded.io_write_bytes > 9223372036854775807 - rollups.io_write_bytes THEN 9223372036854775807 ELSE rollups.io_write_bytes + excluded.io_write_bytes END,
            output_bytes = CASE WHEN excluded.output_bytes > 9223372036854775807 - rollups.output_bytes THEN 9223372036854775807 ELSE rollups.output_bytes + excluded.output_bytes END
        """;

    public const string AddToRollup = """
        INSERT INTO rollups (
            tenant, starts_at, seconds, template, outcome, source_kind, source, runs,
            cpu_micros, byte_seconds, wall_micros, io_read_bytes, io_write_bytes, output_bytes)
        VALUES (
            @Tenant, @StartsAt, 60, @Template, @Outcome, @SourceKind, @Source, @Runs,
            @CpuMicros, @ByteSeconds, @WallMicros, @IoReadBytes, @IoWriteBytes, @OutputBytes)

        """ + SumUp;

    /// <summary>Adds the finer sums of a span to its coarser ones.</summary>
    public static readonly string FoldRollups = $"""
        INSERT INTO rollups (
            tenant, starts_at, seconds, template, outcome, source_kind, source, runs,
            cpu_micros, byte_seconds, wall_micros, io_read_bytes, io_write_bytes, output_bytes)
        SELECT tenant, @start, @coarse, template, outcome, source_kind, source, CAST(SUM(runs) AS BIGINT),
            {WideAmount.Held("cpu_micros")}, {WideAmount.Held("byte_seconds")}, {WideAmount.Held("wall_micros")},
            {WideAmount.Held("io_read_bytes")}, {WideAmount.Held("io_write_bytes")}, {WideAmount.Held("output_bytes")}
        FROM rollups WHERE seconds = @fine AND starts_at >= @start AND starts_at < @end
        GROUP BY tenant, template, outcome, source_kind, source

        """ + SumUp;

    /// <summary>The same of capacity.</summary>
    public static readonly string FoldHoldings = $"""
        INSERT INTO holdings (account, starts_at, seconds, cpu_micros, byte_seconds)
        SELECT account, @start, @coarse, {WideAmount.Held("cpu_micros")}, {WideAmount.Held("byte_seconds")}
        FROM holdings WHERE seconds = @fine AND starts_at >= @start AND starts_at < @end
        GROUP BY account
        ON CONFLICT (account, starts_at, seconds) DO UPDATE SET
            cpu_micros = holdings.cpu_micros + excluded.cpu_micros, byte_seconds = holdings.byte_seconds + excluded.byte_seconds
        """;

    /// <summary>One statement, so that of any number of claims at once exactly one gets a row back.</summary>
    public const string ClaimKey = """
        INSERT INTO keys (tenant, key, digest, run, manager, created_at, expires_at)
        VALUES (@tenant, @key, @digest, @run, @manager, @created, @expires)
        ON CONFLICT (tenant, key) DO UPDATE SET
            digest = excluded.digest, run = excluded.run, manager = excluded.manager,
            created_at = excluded.created_at, expires_at = excluded.expires_at, result = NULL
        WHERE keys.expires_at <= @created
        RETURNING run
        """;

    public const string SettleKey =
        "UPDATE keys SET result = @result, expires_at = @until WHERE tenant = @tenant AND key = @key AND run = @run";

    public const string ReleaseKey = "DELETE FROM keys WHERE tenant = @tenant AND key = @key AND run = @run AND result IS NULL";

    public const string SweepKeys = "DELETE FROM keys WHERE expires_at <= @now";

    public const string Leave = "DELETE FROM managers WHERE id = @manager";

    /// <param name="now">The store's own clock in microseconds, as an expression of its SQL.</param>
    public static string FindKey(string now) => $"""
        SELECT tenant AS Tenant, key AS Key, digest AS Digest, run AS Run, manager AS Manager, created_at AS CreatedAt,
            expires_at AS ExpiresAt, result AS Result,
            CASE WHEN EXISTS (SELECT 1 FROM managers WHERE id = keys.manager AND alive_until > {now}) THEN 1 ELSE 0 END AS Alive
        FROM keys WHERE tenant = @tenant AND key = @key AND expires_at > @now
        """;

    public static string Beat(string now) => $"""
        INSERT INTO managers (id, alive_until) VALUES (@manager, {now} + @lease)
        ON CONFLICT (id) DO UPDATE SET alive_until = excluded.alive_until
        """;

    public static string SweepManagers(string now) => $"DELETE FROM managers WHERE alive_until <= {now} - @kept";
}
