using Sandcastle.Manager.Admission;
using Sandcastle.Manager.Ledger;
using Sandcastle.Manager.Ledger.Usage;
using Sandcastle.Protocol.Refusals;
using Sandcastle.Protocol.Rest;

namespace Sandcastle.Manager.Edges;

/// <summary>The answer to a question about usage, behind every edge: from is inclusive, to exclusive; by default the current month until now.</summary>
internal sealed class UsageReport(ILedger ledger, PendingReceipts pending, TimeProvider clock)
{
    /// <summary>What stands where one tenant is named when the answer is of all.</summary>
    public const string AllTenants = "*";

    private static readonly UsageDimension[] ByTemplateAndOutcome = [UsageDimension.Template, UsageDimension.Outcome];

    /// <summary>By template and outcome, without capacity.</summary>
    /// <exception cref="RefusalException"><paramref name="from"/> is after <paramref name="to"/>, or one of them in a time that is not known that finely any more.</exception>
    public Task<UsageResponse> ReadAsync(string tenant, DateTimeOffset? from, DateTimeOffset? to, CancellationToken cancellationToken) =>
        ReadAsync(tenant, from, to, ByTemplateAndOutcome, cancellationToken);

    /// <param name="tenant">Null for all, with what was reserved for them: for who may know of everybody.</param>
    /// <param name="from">Null: the first of this month.</param>
    /// <param name="to">Null: now.</param>
    /// <param name="by">In their order; at most one of hour and day.</param>
    /// <param name="cancellationToken">Ends the question.</param>
    /// <exception cref="RefusalException">As above.</exception>
    public async Task<UsageResponse> ReadAsync(
        string? tenant, DateTimeOffset? from, DateTimeOffset? to, IReadOnlyList<UsageDimension> by, CancellationToken cancellationToken)
    {
        await pending.SettleAsync(cancellationToken);
        var (start, end) = Interval(from, to);
        var query = new UsageQuery { Tenant = tenant, From = start, To = end, By = by };
        try
        {
            var rows = await ledger.SumAsync(query, cancellationToken);
            var held = await ledger.HoldingsAsync(query with { By = [.. by.Where(d => CanHold(d, by))] }, cancellationToken);
            var total = CapacityColumns.Add(Total(rows), CapacityColumns.Sum(held.Rows));
            return new UsageResponse
            {
                Tenant = tenant ?? AllTenants,
                From = start,
                To = end,
                CapacityFrom = held.Rows.Count == 0 ? null : held.From,
                CapacityTo = held.Rows.Count == 0 ? null : held.To,
                Total = total,
                Rows = CapacityColumns.Tells(by) ? CapacityColumns.Join(rows, held.Rows, by) : rows,
            };
        }
        catch (CoarseLedgerException e)
        {
            throw FieldErrors.Invalid([new FieldError(e.Field, e.Message)]);
        }
    }

    /// <summary>The interval that is meant by what was said of it.</summary>
    public (DateTimeOffset From, DateTimeOffset To) Interval(DateTimeOffset? from, DateTimeOffset? to)
    {
        var now = clock.GetUtcNow();

        // A run that starts in this very tick belongs to "until now".
        var end = to ?? now.AddTicks(TimeSpan.TicksPerMillisecond);
        var start = from ?? new DateTimeOffset(now.Year, now.Month, 1, 0, 0, 0, TimeSpan.Zero);
        return start > end ? throw FieldErrors.Invalid([new FieldError("from", "must not be after 'to'")]) : (start, end);
    }

    private static bool CanHold(UsageDimension dimension, IReadOnlyList<UsageDimension> by) =>
        CapacityColumns.Tells(by) && dimension is UsageDimension.Hour or UsageDimension.Day or UsageDimension.Lot or UsageDimension.Tenant;

    private static UsageRow Total(IReadOnlyList<UsageRow> rows) => new()
    {
        Runs = rows.Sum(r => r.Runs),
        CpuMicros = rows.Sum(r => r.CpuMicros),
        MemoryByteSeconds = rows.Sum(r => r.MemoryByteSeconds),
        WallMicros = rows.Sum(r => r.WallMicros),
        IoReadBytes = rows.Sum(r => r.IoReadBytes),
        IoWriteBytes = rows.Sum(r => r.IoWriteBytes),
        OutputBytes = rows.Sum(r => r.OutputBytes),
    };
}
