namespace Sandcastle.Manager.Ledger;

/// <summary>What both stores are asked in the same words.</summary>
internal static class LedgerStatements
{
    public const string SelectReceipt = """
        SELECT run AS Run, tenant AS Tenant, template AS Template, profile AS Profile, keep AS Keep, worker AS Worker,
            started_at AS StartedAt, recorded_at AS RecordedAt, outcome AS Outcome, exit_code AS ExitCode, signal AS Signal,
            cpu_micros AS CpuMicros, cpu_user_micros AS CpuUserMicros, cpu_system_micros AS CpuSystemMicros,
            rusage_cpu_micros AS RusageCpuMicros, wall_micros AS WallMicros, peak_memory_bytes AS PeakMemoryBytes,
            memory_byte_seconds AS MemoryByteSeconds, io_read_bytes AS IoReadBytes, io_write_bytes AS IoWriteBytes,
            output_bytes AS OutputBytes, l.json AS Limits, unenforced AS Unenforced, s.json AS Sources
        FROM receipts JOIN documents l ON l.id = limits JOIN documents s ON s.id = sources
        WHERE run = @run AND tenant = @tenant
        """;

    // The casts bring back what one of the stores widens to a decimal.
    public const string SumReceipts = """
        SELECT template AS Template, outcome AS Outcome, COUNT(*) AS Runs, CAST(SUM(cpu_micros) AS BIGINT) AS CpuMicros,
            SUM(memory_byte_seconds) AS MemoryByteSeconds, CAST(SUM(wall_micros) AS BIGINT) AS WallMicros,
            CAST(SUM(io_read_bytes) AS BIGINT) AS IoReadBytes, CAST(SUM(io_write_bytes) AS BIGINT) AS IoWriteBytes,
            CAST(SUM(output_bytes) AS BIGINT) AS OutputBytes
        FROM receipts WHERE tenant = @tenant AND started_at >= @from AND started_at < @to
        GROUP BY template, outcome ORDER BY template, outcome
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
