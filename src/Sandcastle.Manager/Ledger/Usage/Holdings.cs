using Dapper;
using Sandcastle.Protocol.Rest;

namespace Sandcastle.Manager.Ledger.Usage;

/// <summary>Answers what capacity there was: reserved and overhead for whoever may know of all tenants, leased for a tenant alone as well.</summary>
internal sealed class Holdings(ILedgerStore store)
{
    private static readonly string Sums = $"CAST(SUM(h.cpu_micros) AS BIGINT) AS CpuMicros, {WideAmount.Sum("h.byte_seconds", "ByteSecondsHigh", "ByteSecondsLow")}";

    public Task<HoldingsAnswer> ReadAsync(UsageQuery query, CancellationToken cancellationToken) => LedgerSnapshot.ReadAsync(
        store,
        async connection =>
        {
            var interval = UsageInterval.Plan(query.From, query.To, await LedgerHorizons.ReadAsync(connection, cancellationToken));
            var parameters = new { tenant = query.Tenant, start = interval.Widened.Start, end = interval.Widened.End };
            var sums = await connection.QueryAsync<HoldingSum>(new CommandDefinition(Text(query), parameters, cancellationToken: cancellationToken));
            return new HoldingsAnswer(
                LedgerTime.FromMicros(interval.Widened.Start),
                LedgerTime.FromMicros(interval.Widened.End),
                [.. sums.GroupBy(s => KeyOf(s, query)).Select(g => Row(g.Key, [.. g]))]);
        },
        cancellationToken);

    private static string Text(UsageQuery query)
    {
        var moment = query.Time switch
        {
            UsageDimension.Hour => $"h.starts_at / {LedgerSpan.Hour.Micros} * {LedgerSpan.Hour.Micros}",
            UsageDimension.Day => $"h.starts_at / {LedgerSpan.Day.Micros} * {LedgerSpan.Day.Micros}",
            _ => "CAST(NULL AS BIGINT)",
        };
        var whose = query.Tenant is null ? "" : "AND a.kind = 'leased' AND a.name = @tenant";
        return $"""
            SELECT a.kind AS Kind, a.name AS Name, {moment} AS Moment, {Sums}
            FROM holdings h JOIN accounts a ON a.id = h.account
            WHERE h.starts_at >= @start AND h.starts_at < @end {whose}
            GROUP BY 1, 2, 3 ORDER BY 3, 1, 2
            """;
    }

    /// <summary>A lot's overhead stands with the lot; a lease has no lot, and what is reserved no tenant.</summary>
    private static (long? Moment, string? Tenant, string? SourceKind, string? Source) KeyOf(HoldingSum sum, UsageQuery query)
    {
        if (sum.Kind == AccountKinds.Leased)
        {
            return (sum.Moment, query.By.Contains(UsageDimension.Tenant) ? sum.Name : null, null, null);
        }

        if (!query.By.Contains(UsageDimension.Lot))
        {
            return (sum.Moment, null, null, null);
        }

        return sum.Kind == AccountKinds.Overhead && sum.Name!.Split('/', 2) is [var kind, var name]
            ? (sum.Moment, null, kind, name)
            : (sum.Moment, null, sum.Kind, sum.Name);
    }

    private static HoldingRow Row((long? Moment, string? Tenant, string? SourceKind, string? Source) key, IReadOnlyList<HoldingSum> sums) => new()
    {
        At = key.Moment is { } moment ? LedgerTime.FromMicros(moment) : null,
        Tenant = key.Tenant,
        Lot = key.SourceKind == AccountKinds.Lot ? key.Source : null,
        Worker = key.SourceKind == AccountKinds.Worker ? key.Source : null,
        Reserved = Amount(sums.Where(s => s.Kind is AccountKinds.Lot or AccountKinds.Worker)),
        Overhead = Amount(sums.Where(s => s.Kind == AccountKinds.Overhead)),
        Leased = Amount(sums.Where(s => s.Kind == AccountKinds.Leased)),
    };

    private static CapacityAmount? Amount(IEnumerable<HoldingSum> sums)
    {
        CapacityAmount? amount = null;
        foreach (var sum in sums)
        {
            amount = new CapacityAmount((amount?.CpuMicros ?? 0) + sum.CpuMicros, (amount?.MemoryByteSeconds ?? 0) + (double)sum.ByteSeconds);
        }

        return amount;
    }
}
