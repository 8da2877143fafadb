using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sandcastle.Manager.Admission;
using Sandcastle.Manager.Ledger;
using Sandcastle.Manager.Tenants;
using Sandcastle.Protocol.Rest;

namespace Sandcastle.Manager.Edges.Rest;

/// <summary><c>/v1/usage?from&amp;to</c>: RFC 3339 times, from inclusive, to exclusive; by default the current month until now.</summary>
internal sealed class UsageEndpoints(ILedger ledger, PendingReceipts pending, KeyRing keys, TimeProvider clock)
{
    public void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/v1/usage", Get).Document(Get)
            .Produces<UsageResponse>()
            .WithSummary("Sums over the receipts of your tenant, by template and outcome");

    private async Task Get(HttpContext context)
    {
        var tenant = keys.Resolve(context.User).Tenant;
        await pending.SettleAsync(context.RequestAborted);

        var (from, to) = Interval(context.Request.Query);
        var rows = await ledger.SumAsync(tenant, from, to, context.RequestAborted);
        var usage = new UsageResponse { Tenant = tenant, From = from, To = to, Total = Total(rows), Rows = rows };
        await RestBody.WriteAsync(context, StatusCodes.Status200OK, usage, RestBody.Json.UsageResponse);
    }

    private (DateTimeOffset From, DateTimeOffset To) Interval(IQueryCollection query)
    {
        var errors = new FieldErrors();
        var now = clock.GetUtcNow();

        // A run that starts in this very tick belongs to "until now".
        var to = Time(query, "to", errors) ?? now.AddTicks(TimeSpan.TicksPerMillisecond);
        var from = Time(query, "from", errors) ?? new DateTimeOffset(now.Year, now.Month, 1, 0, 0, 0, TimeSpan.Zero);
        if (from > to)
        {
            errors.Add("from", "must not be after 'to'");
        }

        return errors.Any ? throw errors.ToRefusal() : (from, to);
    }

    private static DateTimeOffset? Time(IQueryCollection query, string name, FieldErrors errors)
    {
        string? text = query[name];
        if (text is null)
        {
            return null;
        }

        // A '+' that nobody escaped arrives as a space.
        if (DateTimeOffset.TryParse(text.Replace(' ', '+'), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
        {
            return time.ToUniversalTime();
        }

        errors.Add(name, "must be a time like 2026-01-31T12:00:00Z");
        return null;
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
