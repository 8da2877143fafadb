using Sandcastle.Manager.Admission;
using Sandcastle.Manager.Ledger;
using Sandcastle.Protocol.Refusals;
using Sandcastle.Protocol.Rest;

namespace Sandcastle.Manager.Edges;

/// <summary>The answer to a question about usage, behind every edge: from is inclusive, to exclusive; by default the current month until now.</summary>
internal sealed class UsageReport(ILedger ledger, PendingReceipts pending, TimeProvider clock)
{
    /// <exception cref="RefusalException"><paramref name="from"/> is after <paramref name="to"/>.</exception>
    public async Task<UsageResponse> ReadAsync(string tenant, DateTimeOffset? from, DateTimeOffset? to, CancellationToken cancellationToken)
    {
        await pending.SettleAsync(cancellationToken);
        var now = clock.GetUtcNow();

        // A run that starts in this very tick belongs to "until now".
        var end = to ?? now.AddTicks(TimeSpan.TicksPerMillisecond);
        var start = from ?? new DateTimeOffset(now.Year, now.Month, 1, 0, 0, 0, TimeSpan.Zero);
        if (start > end)
        {
            throw FieldErrors.Invalid([new FieldError("from", "must not be after 'to'")]);
        }

        var rows = await ledger.SumAsync(tenant, start, end, cancellationToken);
        return new UsageResponse { Tenant = tenant, From = start, To = end, Total = Total(rows), Rows = rows };
    }

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
