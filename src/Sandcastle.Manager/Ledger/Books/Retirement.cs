using System.Data;
using System.Data.Common;
using Dapper;
using Sandcastle.Manager.Ledger.Usage;

namespace Sandcastle.Manager.Ledger.Books;

/// <summary>
/// Makes old detail less: minutes into hours, hours into days, receipts into nothing but those sums. What is removed of the books is carried
/// forward, account by account, in one transaction a day. Each step is a database transaction of bounded size that leaves every sum as it
/// was, so it may end anywhere and be done again; of several managers one does it.
/// </summary>
internal sealed class Retirement(ILedgerStore store)
{
    /// <summary>Receipts removed at a time: a few tens of milliseconds in which the intake waits.</summary>
    private const int Step = 2000;

    private const string AddToCarried = """
        GROUP BY e.account
        ON CONFLICT (posting, account) DO UPDATE SET
            cpu_micros = entries.cpu_micros + excluded.cpu_micros, byte_seconds = entries.byte_seconds + excluded.byte_seconds
        """;

    private const string Carry = """
        INSERT INTO entries (posting, account, cpu_micros, byte_seconds)
        SELECT @carried, e.account, CAST(SUM(e.cpu_micros) AS BIGINT), CAST(SUM(e.byte_seconds) AS BIGINT)

        """;

    private const string Removed = "tenant = @tenant AND started_at >= @start AND (started_at, run) <= (@last, @run)";

    private const string RemovedOthers = "kind <> 'receipt' AND kind <> 'carried' AND at >= @start AND at < @end";

    public async Task RunAsync(BookRetention retention, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var receipts = LedgerSpan.Day.Floor(LedgerTime.ToMicros(now - retention.Receipts));
        var minutes = LedgerSpan.Hour.Floor(LedgerTime.ToMicros(now - retention.Minutes));
        var hours = LedgerSpan.Day.Floor(LedgerTime.ToMicros(now - retention.Hours));

        // Said before it is so: a question that needs what is about to go is refused, not half answered.
        await RaiseAsync([(LedgerHorizons.OfReceipts, receipts), (LedgerHorizons.OfMinutes, minutes), (LedgerHorizons.OfHours, hours)], cancellationToken);
        foreach (var (fine, coarse, until) in new[] { (LedgerSpan.Minute, LedgerSpan.Hour, minutes), (LedgerSpan.Hour, LedgerSpan.Day, hours) })
        {
            await WhileAsync(page => FoldRollupsAsync(page, fine, coarse, until), cancellationToken);
            await WhileAsync(page => FoldHoldingsAsync(page, fine, coarse, until), cancellationToken);
        }

        foreach (var tenant in await TenantsAsync(cancellationToken))
        {
            await WhileAsync(page => RemoveReceiptsAsync(page, tenant, receipts), cancellationToken);
        }

        await WhileAsync(page => RemoveOthersAsync(page, receipts), cancellationToken);
        await ForgetMetersAsync(retention.Receipts, cancellationToken);
    }

    private async Task WhileAsync(Func<BookPage, Task<bool>> step, CancellationToken cancellationToken)
    {
        while (await store.WriteAsync(connection => StepAsync(step, connection, cancellationToken), cancellationToken))
        {
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    private async Task<bool> StepAsync(Func<BookPage, Task<bool>> step, DbConnection connection, CancellationToken cancellationToken)
    {
        await using var page = await BookPage.BeginAsync(store, connection, cancellationToken, IsolationLevel.RepeatableRead);
        if (store.Dialect.TrySweep is { } alone && !await page.QuerySingleAsync<bool>(alone, new { }))
        {
            return false;
        }

        if (!await step(page))
        {
            return false;
        }

        await page.CommitAsync();
        return true;
    }

    private Task<int> RaiseAsync((string Name, long Until)[] horizons, CancellationToken cancellationToken) => store.WriteAsync(
        connection => connection.ExecuteAsync(new CommandDefinition(
            """
            INSERT INTO retention (name, until) VALUES (@Name, @Until)
            ON CONFLICT (name) DO UPDATE SET until = excluded.until WHERE retention.until < excluded.until
            """,
            horizons.Select(h => new { h.Name, h.Until }),
            cancellationToken: cancellationToken)),
        cancellationToken);

    /// <summary>Of starts of workers that nobody has heard of for so long; by the store's clock alone, which wrote when that was.</summary>
    private Task<int> ForgetMetersAsync(TimeSpan kept, CancellationToken cancellationToken) => store.WriteAsync(
        connection => connection.ExecuteAsync(new CommandDefinition(
            $"DELETE FROM meters WHERE kind = 'worker' AND booked_at < {store.NowMicros} - @kept",
            new { kept = kept.Ticks / TimeSpan.TicksPerMicrosecond },
            cancellationToken: cancellationToken)),
        cancellationToken);

    private Task<List<string>> TenantsAsync(CancellationToken cancellationToken) => store.ReadAsync(
        async connection => (await connection.QueryAsync<string>(new CommandDefinition(
            "SELECT name FROM accounts WHERE kind = 'tenant' ORDER BY name", cancellationToken: cancellationToken))).AsList(),
        cancellationToken);

    private static async Task<bool> FoldRollupsAsync(BookPage page, LedgerSpan fine, LedgerSpan coarse, long until)
    {
        const string Oldest = "SELECT MIN(starts_at) FROM rollups WHERE seconds = @fine AND starts_at < @until";
        if (await page.QuerySingleAsync<long?>(Oldest, new { fine = fine.Seconds, until }) is not { } oldest)
        {
            return false;
        }

        var start = coarse.Floor(oldest);
        var span = new { fine = fine.Seconds, coarse = coarse.Seconds, start, end = start + coarse.Micros };
        await page.ExecuteAsync(LedgerStatements.FoldRollups, span);
        await page.ExecuteAsync("DELETE FROM rollups WHERE seconds = @fine AND starts_at >= @start AND starts_at < @end", span);
        return true;
    }

    private static async Task<bool> FoldHoldingsAsync(BookPage page, LedgerSpan fine, LedgerSpan coarse, long until)
    {
        const string Oldest = "SELECT MIN(starts_at) FROM holdings WHERE seconds = @fine AND starts_at < @until";
        if (await page.QuerySingleAsync<long?>(Oldest, new { fine = fine.Seconds, until }) is not { } oldest)
        {
            return false;
        }

        var start = coarse.Floor(oldest);
        var span = new { fine = fine.Seconds, coarse = coarse.Seconds, start, end = start + coarse.Micros };
        await page.ExecuteAsync(LedgerStatements.FoldHoldings, span);
        await page.ExecuteAsync("DELETE FROM holdings WHERE seconds = @fine AND starts_at >= @start AND starts_at < @end", span);
        return true;
    }

    private static async Task<bool> RemoveReceiptsAsync(BookPage page, string tenant, long until)
    {
        const string Oldest = "SELECT MIN(started_at) FROM receipts WHERE tenant = @tenant AND started_at < @until";
        if (await page.QuerySingleAsync<long?>(Oldest, new { tenant, until }) is not { } oldest)
        {
            return false;
        }

        var day = LedgerSpan.Day.Floor(oldest);
        var last = await page.QueryFirstAsync<Place>(
            $"""
            SELECT started_at AS Moment, run AS Run FROM receipts WHERE tenant = @tenant AND started_at >= @oldest AND started_at < @end
            ORDER BY started_at, run LIMIT 1 OFFSET {Step - 1}
            """,
            new { tenant, oldest, end = day + LedgerSpan.Day.Micros });
        var carried = await CarriedAsync(page, day);
        var range = new { carried, tenant, start = oldest, last = last?.Moment ?? (day + LedgerSpan.Day.Micros), run = last?.Run ?? "" };
        await page.ExecuteAsync($"{Carry} FROM receipts r JOIN entries e ON e.posting = r.posting WHERE {Removed} {AddToCarried}", range);
        await page.ExecuteAsync($"DELETE FROM entries WHERE posting IN (SELECT posting FROM receipts WHERE {Removed})", range);
        await page.ExecuteAsync($"DELETE FROM transactions WHERE id IN (SELECT posting FROM receipts WHERE {Removed})", range);
        await page.ExecuteAsync($"DELETE FROM receipts WHERE {Removed}", range);
        return true;
    }

    /// <summary>Capacity and leases, an hour at a time.</summary>
    private static async Task<bool> RemoveOthersAsync(BookPage page, long until)
    {
        const string Oldest = "SELECT MIN(at) FROM transactions WHERE kind <> 'receipt' AND kind <> 'carried' AND at < @until";
        if (await page.QuerySingleAsync<long?>(Oldest, new { until }) is not { } oldest)
        {
            return false;
        }

        var start = LedgerSpan.Hour.Floor(oldest);
        var carried = await CarriedAsync(page, LedgerSpan.Day.Floor(oldest));
        var range = new { carried, start, end = start + LedgerSpan.Hour.Micros };
        await page.ExecuteAsync($"{Carry} FROM transactions t JOIN entries e ON e.posting = t.id WHERE {RemovedOthers} {AddToCarried}", range);
        await page.ExecuteAsync($"DELETE FROM entries WHERE posting IN (SELECT id FROM transactions WHERE {RemovedOthers})", range);
        await page.ExecuteAsync($"DELETE FROM transactions WHERE {RemovedOthers}", range);
        return true;
    }

    private static async Task<long> CarriedAsync(BookPage page, long day)
    {
        const string Find = "SELECT id FROM transactions WHERE kind <> 'receipt' AND kind = 'carried' AND at = @day";
        if (await page.QueryFirstAsync<long?>(Find, new { day }) is { } found)
        {
            return found;
        }

        await page.PostAsync("carried", day);
        return (await page.QueryFirstAsync<long?>(Find, new { day }))!.Value;
    }

    private sealed record Place
    {
        public long Moment { get; init; }

        public string Run { get; init; } = "";
    }
}
