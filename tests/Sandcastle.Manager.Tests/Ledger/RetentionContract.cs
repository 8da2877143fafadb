using Sandcastle.Manager.Ledger;
using Sandcastle.Manager.Ledger.Books;
using Sandcastle.Manager.Ledger.Usage;
using Sandcastle.Manager.Tests.Fakes;
using Sandcastle.Protocol.Rest;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Manager.Tests.Ledger;

/// <summary>What any store knows of old times: less in detail, and to the last microsecond the same in sum.</summary>
public abstract class RetentionContract
{
    private static readonly BookRetention Retention = new()
    {
        Receipts = TimeSpan.FromDays(10),
        Minutes = TimeSpan.FromDays(3),
        Hours = TimeSpan.FromDays(20),
    };

    private static readonly DateTimeOffset First = Receipts.Noon.AddHours(-12);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    protected abstract Task<BookStore> StoreAsync();

    [Fact]
    public async Task Retire_again_andAgain_leavesEverySumAsItWas()
    {
        using var store = await StoreAsync();
        await using var ledger = store.Open();
        var random = new Random(11);
        var receipts = Enumerable.Range(0, 3000).Select(_ => Receipts.New(
            tenant: random.Next(2) == 0 ? "a" : "b", template: $"t{random.Next(3)}", outcome: (Outcome)random.Next(3)) with
        {
            StartedAt = First.AddTicks(random.NextInt64(TimeSpan.FromDays(40).Ticks) / 10 * 10),
            Lot = random.Next(3) == 0 ? null : $"lot-{random.Next(2)}",
            CpuMicros = random.Next(1, 100_000),
            MemoryByteSeconds = random.Next(1, 1_000_000) / 3.0,
        }).ToList();
        await ledger.RecordAsync(receipts, Cancelled);
        await MeterAsync(ledger);
        var reserved = await ReservedAsync(ledger);
        foreach (var day in (int[])[12, 26, 40, 40, 75])
        {
            var now = First.AddDays(day).AddHours(7).AddMinutes(3);
            await ledger.RetireAsync(Retention, now, Cancelled);
            await CompareAsync(ledger, receipts, now, random);
            (await ledger.VerifyAsync(Cancelled)).Checks.Where(c => c.Broken > 0).ShouldBeEmpty();
            (await ReservedAsync(ledger)).ShouldBe(reserved);
            var kept = receipts.Count(r => r.StartedAt >= Floor(now - Retention.Receipts, TimeSpan.FromDays(1)));
            (await store.SqlAsync("SELECT COUNT(*) FROM receipts")).ShouldBe((long)kept);
            (await store.SqlAsync("SELECT COUNT(*) FROM transactions WHERE kind = 'receipt'")).ShouldBe((long)kept);
        }

        (await store.SqlAsync("SELECT COUNT(*) FROM rollups WHERE seconds <> 86400")).ShouldBe(0L);
        (await store.SqlAsync("SELECT COUNT(*) FROM transactions WHERE kind <> 'carried'")).ShouldBe(0L);
    }

    [Fact]
    public async Task Sum_timesThatAreFolded_isRefusedWithWhatCanBeAsked()
    {
        using var store = await StoreAsync();
        await using var ledger = store.Open();
        await ledger.RecordAsync([Receipts.New()], Cancelled);
        await ledger.RetireAsync(Retention, First.AddDays(15), Cancelled);
        var refused = await Should.ThrowAsync<CoarseLedgerException>(ledger.SumAsync("default", First.AddHours(12.5), First.AddDays(15), Cancelled));
        (refused.Field, refused.Message).ShouldBe(
            ("from", "is in a time that is kept by the hour now: ask for 2026-05-04T12:00:00Z or 2026-05-04T13:00:00Z"));
        await ledger.RetireAsync(Retention, First.AddDays(40), Cancelled);
        (await Should.ThrowAsync<CoarseLedgerException>(ledger.SumAsync("default", First, First.AddHours(13), Cancelled)))
            .Message.ShouldBe("is in a time that is kept by the day now: ask for 2026-05-04T00:00:00Z or 2026-05-05T00:00:00Z");
        (await ledger.SumAsync("default", First, First.AddDays(1), Cancelled)).Single().Runs.ShouldBe(1);
        var hours = new UsageQuery { Tenant = "default", From = First, To = First.AddDays(40), By = [UsageDimension.Hour] };
        (await Should.ThrowAsync<CoarseLedgerException>(ledger.SumAsync(hours, Cancelled))).Field.ShouldBe("by");
        (await ledger.SumAsync(hours with { By = [UsageDimension.Day] }, Cancelled)).Single().At.ShouldBe(First);
    }

    /// <summary>From a worker that was away for longer than receipts are kept.</summary>
    [Fact]
    public async Task Record_receiptOfATimeThatIsRetired_isCountedAndRetiredInItsTurn()
    {
        using var store = await StoreAsync();
        await using var ledger = store.Open();
        await ledger.RecordAsync([Receipts.New()], Cancelled);
        await ledger.RetireAsync(Retention, First.AddDays(40), Cancelled);
        await ledger.RecordAsync([Receipts.New() with { CpuMicros = 5 }], Cancelled);
        for (var i = 0; i < 2; i++)
        {
            (await ledger.SumAsync("default", First, First.AddDays(1), Cancelled)).Single().CpuMicros.ShouldBe(3005);
            (await ledger.VerifyAsync(Cancelled)).Holds.ShouldBeTrue();
            await ledger.RetireAsync(Retention, First.AddDays(40), Cancelled);
        }

        (await store.SqlAsync("SELECT COUNT(*) FROM receipts")).ShouldBe(0L);
    }

    private static async Task MeterAsync(ILedger ledger)
    {
        for (var hour = 0; hour < 40 * 24; hour += 31)
        {
            await ledger.MeterAsync(
                new WorkerReading
                {
                    Meter = "w",
                    Worker = "w",
                    Lot = "lot-0",
                    Incarnation = $"start-{hour}",
                    StartedAt = First.AddHours(hour),
                    Elapsed = TimeSpan.FromSeconds(100),
                    CpuMillis = 3000,
                    MemoryBytes = 1 << 20,
                    Overhead = TimeSpan.FromSeconds(1),
                },
                Cancelled);
            await ledger.MeterAsync(new LeaseReading("a", 100, 1, First.AddHours(hour), TimeSpan.FromSeconds(60)), Cancelled);
            await ledger.MeterAsync(new LeaseReading("a", 100, 1, First.AddHours(hour).AddSeconds(60), TimeSpan.FromSeconds(60)), Cancelled);
        }
    }

    private static async Task<(CapacityAmount?, CapacityAmount?, CapacityAmount?)> ReservedAsync(ILedger ledger)
    {
        var held = await ledger.HoldingsAsync(new UsageQuery { Tenant = null, From = First, To = First.AddDays(100), By = [] }, Cancelled);
        var row = held.Rows.Aggregate((a, b) => a with { Leased = a.Leased ?? b.Leased, Reserved = a.Reserved ?? b.Reserved, Overhead = a.Overhead ?? b.Overhead });
        return (row.Reserved, row.Leased, row.Overhead);
    }

    /// <summary>Anywhere, aligned to what is kept there: the sums of the receipts that were once recorded.</summary>
    private static async Task CompareAsync(ILedger ledger, List<Receipt> receipts, DateTimeOffset now, Random random)
    {
        for (var i = 0; i < 60; i++)
        {
            var (from, to) = (Aligned(random, now), Aligned(random, now));
            (from, to) = from < to ? (from, to) : (to, from);
            var tenant = random.Next(3) switch { 0 => "a", 1 => "b", _ => null };
            var rows = await ledger.SumAsync(new UsageQuery { Tenant = tenant, From = from, To = to, By = [UsageDimension.Template, UsageDimension.Outcome, UsageDimension.Lot] }, Cancelled);
            var expected = receipts.Where(r => r.StartedAt >= from && r.StartedAt < to && (tenant is null || r.Tenant == tenant))
                .GroupBy(r => (r.Template, (Outcome?)r.Outcome, r.Lot))
                .Select(g => (g.Key, g.Count(), g.Sum(r => r.CpuMicros), g.Sum(r => Math.Round(r.MemoryByteSeconds, MidpointRounding.AwayFromZero))));
            rows.Select(r => ((r.Template!, r.Outcome, r.Lot), (int)r.Runs, r.CpuMicros, r.MemoryByteSeconds)).ShouldBe(expected, ignoreOrder: true, $"{from:O} to {to:O}");
        }
    }

    private static DateTimeOffset Aligned(Random random, DateTimeOffset now)
    {
        var moment = First.AddTicks(random.NextInt64(TimeSpan.FromDays(41).Ticks) / 10 * 10);
        return moment >= Floor(now - Retention.Receipts, TimeSpan.FromDays(1)) ? moment
            : moment >= Floor(now - Retention.Hours, TimeSpan.FromDays(1)) ? Floor(moment, TimeSpan.FromHours(1))
            : Floor(moment, TimeSpan.FromDays(1));
    }

    private static DateTimeOffset Floor(DateTimeOffset moment, TimeSpan span) => new(moment.UtcTicks - (moment.UtcTicks % span.Ticks), TimeSpan.Zero);
}
