using System.Data.Common;
using Dapper;
using Sandcastle.Protocol.Rest;

namespace Sandcastle.Manager.Ledger.Usage;

/// <summary>Answers questions about usage from one moment of the ledger: sums where there are whole spans, receipts at the edges.</summary>
internal sealed class UsageSums(ILedgerStore store)
{
    private const string Columns = """
        runs, cpu_micros, byte_seconds, wall_micros, io_read_bytes, io_write_bytes, output_bytes
        """;

    // High and low apart: a cluster's byte-seconds of a year are more than one integer holds.
    private static readonly string Sums = $"""
        CAST(SUM(runs) AS BIGINT) AS Runs, {WideAmount.Held("cpu_micros")} AS CpuMicros,
        CAST(SUM(byte_seconds / 1048576) AS BIGINT) AS ByteSecondsHigh, CAST(SUM(byte_seconds % 1048576) AS BIGINT) AS ByteSecondsLow,
        {WideAmount.Held("wall_micros")} AS WallMicros, {WideAmount.Held("io_read_bytes")} AS IoReadBytes,
        {WideAmount.Held("io_write_bytes")} AS IoWriteBytes, {WideAmount.Held("output_bytes")} AS OutputBytes
        """;

    /// <exception cref="CoarseLedgerException">The ledger does not know it that finely any more.</exception>
    public Task<IReadOnlyList<UsageRow>> ReadAsync(UsageQuery query, CancellationToken cancellationToken) =>
        LedgerSnapshot.ReadAsync(store, connection => ReadAsync(connection, query, cancellationToken), cancellationToken);

    internal static async Task<IReadOnlyList<UsageRow>> ReadAsync(DbConnection connection, UsageQuery query, CancellationToken cancellationToken)
    {
        var horizons = await LedgerHorizons.ReadAsync(connection, cancellationToken);
        var interval = UsageInterval.Plan(query.From, query.To, horizons);
        CheckTime(query, interval, horizons);
        var parameters = new
        {
            tenant = query.Tenant,
            first = interval.Summed.Start,
            last = interval.Summed.End,
            before = interval.Before.Start,
            beforeEnd = interval.Before.End,
            after = interval.After.Start,
            afterEnd = interval.After.End,
        };
        var sums = await connection.QueryAsync<UsageSum>(new CommandDefinition(Text(query), parameters, cancellationToken: cancellationToken));
        return [.. sums.Where(s => s.Runs > 0).Select(s => s.ToRow())];
    }

    private static void CheckTime(UsageQuery query, UsageInterval interval, LedgerHorizons horizons)
    {
        if (query.Time == UsageDimension.Hour && interval.Widened.Start < horizons.Hours && interval.Widened.Start < interval.Widened.End)
        {
            throw new CoarseLedgerException(
                "by", $"hour is known from {LedgerTime.FromMicros(horizons.Hours):yyyy-MM-ddTHH:mm:ssZ} on; what is older is kept by the day");
        }
    }

    private static string Text(UsageQuery query)
    {
        var keys = query.By.SelectMany(Expressions).ToList();
        var whose = query.Tenant is null ? "" : "tenant = @tenant AND ";
        var select = string.Concat(keys.Select(k => $"{k.Expression} AS {k.Name}, "));
        var group = keys.Count == 0 ? "" : $"GROUP BY {Numbers(keys.Count)} ORDER BY {Numbers(keys.Count)}";
        return $"""
            SELECT {select}{Sums} FROM (
                SELECT tenant, starts_at AS moment, template, outcome, source_kind, source, {Columns}
                FROM rollups WHERE {whose}starts_at >= @first AND starts_at < @last
                UNION ALL
                SELECT tenant, started_at, template, outcome, CASE WHEN lot IS NULL THEN 'worker' ELSE 'lot' END, COALESCE(lot, worker),
                    1, cpu_micros, byte_seconds, wall_micros, io_read_bytes, io_write_bytes, output_bytes
                FROM receipts WHERE {whose}((started_at >= @before AND started_at < @beforeEnd) OR (started_at >= @after AND started_at < @afterEnd))
            ) AS parts {group}
            """;
    }

    private static string Numbers(int count) => string.Join(", ", Enumerable.Range(1, count));

    private static IEnumerable<(string Name, string Expression)> Expressions(UsageDimension dimension) => dimension switch
    {
        UsageDimension.Tenant => [("Tenant", "tenant")],
        UsageDimension.Template => [("Template", "template")],
        UsageDimension.Outcome => [("Outcome", "outcome")],
        UsageDimension.Lot => [("SourceKind", "source_kind"), ("Source", "source")],
        UsageDimension.Hour => [("Moment", FloorOf(LedgerSpan.Hour))],
        UsageDimension.Day => [("Moment", FloorOf(LedgerSpan.Day))],
        _ => throw new ArgumentOutOfRangeException(nameof(dimension)),
    };

    private static string FloorOf(LedgerSpan span) => $"moment / {span.Micros} * {span.Micros}";
}
