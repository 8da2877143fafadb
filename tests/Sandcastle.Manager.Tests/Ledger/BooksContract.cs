using Sandcastle.Manager.Ledger;
using Sandcastle.Manager.Ledger.Books;
using Sandcastle.Manager.Ledger.Usage;
using Sandcastle.Manager.Tests.Fakes;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Manager.Tests.Ledger;

/// <summary>What the books say of receipts, capacity and leases, in any store; and that whoever tampers with them is found out.</summary>
public abstract class BooksContract
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    protected abstract Task<BookStore> StoreAsync();

    [Fact]
    public async Task Record_receipts_movesTheirFiguresFromWhoPaidToWhoIsCharged()
    {
        using var store = await StoreAsync();
        await using var ledger = store.Open();
        var ofLot = Receipts.New() with { Lot = "lot-a", MemoryByteSeconds = 2.5 };
        await ledger.RecordAsync([ofLot, ofLot, Receipts.New(tenant: "b") with { CpuMicros = 7 }], Cancelled);
        await ledger.RecordAsync([ofLot with { CpuMicros = 99 }], Cancelled);
        (await ledger.FindAsync("default", ofLot.Run, Cancelled))!.Lot.ShouldBe("lot-a");
        var proof = await ProvenAsync(ledger);
        proof.Read.ShouldBe((2, 2));
        proof.Balances.Select(b => (b.Source, (long)b.Used.CpuMicros, (long)b.Used.ByteSeconds, (long)b.Idle.CpuMicros)).ShouldBe(
            [("lot/lot-a", 3000, 3, -3000), ("worker/worker-a", 7, 20972, -7)]);
        (await store.SqlAsync("SELECT cpu_micros FROM entries e JOIN accounts a ON a.id = e.account WHERE a.kind = 'tenant' AND a.name = 'b'")).ShouldBe(7L);
    }

    [Fact]
    public async Task Open_ledgerOfBefore_postsWhatItHolds()
    {
        using var store = await StoreAsync();
        await store.MakeAsync(version: 2);
        await store.SqlAsync("INSERT INTO documents (json) VALUES ('{}')");
        var runs = Enumerable.Range(0, 50).Select(_ => RunId.New()).ToList();
        foreach (var (run, i) in runs.Select((r, i) => (r, i)))
        {
            await store.SqlAsync($"""
                INSERT INTO receipts (
                    run, tenant, template, profile, keep, worker, started_at, recorded_at, outcome, exit_code, signal, cpu_micros, cpu_user_micros,
                    cpu_system_micros, rusage_cpu_micros, wall_micros, peak_memory_bytes, memory_byte_seconds, io_read_bytes, io_write_bytes, output_bytes,
                    limits, unenforced, sources)
                SELECT '{run}', 't{i % 3}', 'python', 'fork', 'builtin', 'w{i % 2}', {LedgerTime.ToMicros(Receipts.Noon.AddSeconds(7 * i))}, 1, 'succeeded', 0, NULL, {i}, 1,
                    1, 1, 10, 1, {i}.5, 1, 2, 3, id, NULL, id FROM documents
                """);
        }

        await using var ledger = store.Open();
        var proof = await ProvenAsync(ledger);
        proof.Read.ShouldBe((50, 50));
        proof.Balances.Select(b => (b.Source, (long)b.Used.CpuMicros, (long)b.Used.ByteSeconds)).ShouldBe([("worker/w0", 600, 625), ("worker/w1", 625, 650)]);
        (await ledger.SumAsync("t0", Receipts.Noon, Receipts.Noon.AddHours(1), Cancelled)).Single().Runs.ShouldBe(17);
        await ledger.RecordAsync([Receipts.New(runs[3]), Receipts.New()], Cancelled);
        (await ProvenAsync(ledger)).Read.ShouldBe((51, 51));
    }

    [Fact]
    public async Task Meter_capacity_isReservedUsedOverheadAndIdleAtEveryMoment()
    {
        using var store = await StoreAsync();
        await using var ledger = store.Open();
        var reading = Reading(seconds: 130, overheadMillis: 500);
        await ledger.MeterAsync(reading, Cancelled);
        await ledger.MeterAsync(reading, Cancelled);
        var balance = (await ProvenAsync(ledger)).Balances.Single();
        (balance.Reserved, balance.Overhead.CpuMicros, balance.Idle.CpuMicros).ShouldBe((((Int128)260_000_000, (Int128)130 << 30), 500_000, 259_500_000));

        await ledger.RecordAsync([Receipts.New() with { Lot = "lot-a" }], Cancelled);
        await ledger.MeterAsync(Reading(seconds: 140.9, overheadMillis: 600), Cancelled);
        balance = (await ProvenAsync(ledger)).Balances.Single();
        (balance.Reserved.CpuMicros, balance.Used.CpuMicros, balance.Overhead.CpuMicros, balance.Idle.CpuMicros).ShouldBe((280_000_000, 3000, 600_000, 279_397_000));

        // A manager that heard of it earlier, one that hears of its next start, and one that brings the last word of the start before.
        await ledger.MeterAsync(Reading(seconds: 135, overheadMillis: 550), Cancelled);
        await ledger.MeterAsync(Reading(seconds: 5, overheadMillis: 100) with { Incarnation = "second", StartedAt = Receipts.Noon.AddHours(1) }, Cancelled);
        balance = (await ProvenAsync(ledger)).Balances.Single();
        (balance.Reserved.CpuMicros, balance.Overhead.CpuMicros).ShouldBe((290_000_000, 700_000));
        await ledger.MeterAsync(Reading(seconds: 150, overheadMillis: 800), Cancelled);
        balance = (await ProvenAsync(ledger)).Balances.Single();
        (balance.Reserved.CpuMicros, balance.Overhead.CpuMicros).ShouldBe((310_000_000, 900_000));
    }

    /// <summary>Whatever the clock says by then, also the very moment of the start before; and an old word of that books nothing twice.</summary>
    [Theory]
    [InlineData(-3600)]
    [InlineData(-15)]
    [InlineData(0)]
    public async Task Meter_startAfterTheClockWasSetBack_isBookedFromItsFirstSecond(int offset)
    {
        using var store = await StoreAsync();
        await using var ledger = store.Open();
        await ledger.MeterAsync(Reading(seconds: 100, overheadMillis: 500), Cancelled);
        var again = Reading(seconds: 10, overheadMillis: 20) with { Incarnation = "second", StartedAt = Receipts.Noon.AddSeconds(offset) };
        await ledger.MeterAsync(again, Cancelled);
        await ledger.MeterAsync(Reading(seconds: 100, overheadMillis: 500), Cancelled);
        await ledger.MeterAsync(again with { Elapsed = TimeSpan.FromSeconds(30), Overhead = TimeSpan.FromMilliseconds(50) }, Cancelled);
        var balance = (await ProvenAsync(ledger)).Balances.Single();
        (balance.Reserved.CpuMicros, balance.Overhead.CpuMicros).ShouldBe((260_000_000, 550_000));
    }

    /// <summary>Starts are many; a meter of one that nobody has heard of for as long as receipts are kept goes, whatever the worker's clock says.</summary>
    [Fact]
    public async Task Retire_metersOfStartsLongGone_forgetsThoseAlone()
    {
        using var store = await StoreAsync();
        await using var ledger = store.Open();
        await ledger.MeterAsync(Reading(seconds: 100, overheadMillis: 500), Cancelled);
        await ledger.MeterAsync(Reading(seconds: 100, overheadMillis: 500) with { Incarnation = "second" }, Cancelled);
        await ledger.MeterAsync(new LeaseReading("a", 500, 2, Receipts.Noon, TimeSpan.FromSeconds(30)), Cancelled);
        await store.SqlAsync("UPDATE meters SET booked_at = booked_at - 2592000000000 WHERE incarnation <> 'second'");
        await ledger.RetireAsync(new BookRetention(), Receipts.Noon.AddDays(1), Cancelled);
        (await store.SqlAsync("SELECT COUNT(*) FROM meters WHERE kind = 'lease'")).ShouldBe(1L);
        (await store.SqlAsync("SELECT MIN(incarnation) FROM meters WHERE kind = 'worker'")).ShouldBe("second");
        await ledger.MeterAsync(Reading(seconds: 100, overheadMillis: 500) with { Incarnation = "second" }, Cancelled);
        (await ProvenAsync(ledger)).Balances.Single().Reserved.CpuMicros.ShouldBe(400_000_000);
    }

    /// <summary>Memory is held all the time, so it stands in each minute by its part; whatever the parts, they add up.</summary>
    [Fact]
    public async Task Meter_memoryOfNobody_isOverheadAndNotIdle()
    {
        using var store = await StoreAsync();
        await using var ledger = store.Open();
        await ledger.MeterAsync(Reading(seconds: 130, overheadMillis: 0) with { OverheadByteSeconds = 1_000_003 }, Cancelled);
        await ledger.MeterAsync(Reading(seconds: 130.9, overheadMillis: 0) with { OverheadByteSeconds = 1_000_099 }, Cancelled);
        await ledger.MeterAsync(Reading(seconds: 150, overheadMillis: 0) with { OverheadByteSeconds = 1_200_000 }, Cancelled);
        var balance = (await ProvenAsync(ledger)).Balances.Single();
        (balance.Overhead.ByteSeconds, balance.Idle.ByteSeconds).ShouldBe((1_200_000, ((Int128)150 << 30) - 1_200_000));

        // It began a quarter of a minute before noon.
        var first = await ledger.HoldingsAsync(Query(tenant: null, Receipts.Noon.AddMinutes(-1), Receipts.Noon), Cancelled);
        first.Rows.Single().Overhead!.MemoryByteSeconds.ShouldBe(1_000_003 * 15 / 130);

        // From its next start on it counts from nothing; a reading that fell is none.
        await ledger.MeterAsync(Reading(seconds: 10, overheadMillis: 0) with { OverheadByteSeconds = 7, Incarnation = "second", StartedAt = Receipts.Noon.AddHours(1) }, Cancelled);
        await ledger.MeterAsync(Reading(seconds: 20, overheadMillis: 0) with { OverheadByteSeconds = 3, Incarnation = "second", StartedAt = Receipts.Noon.AddHours(1) }, Cancelled);
        (await ProvenAsync(ledger)).Balances.Single().Overhead.ByteSeconds.ShouldBe(1_200_007);
        await ledger.RetireAsync(new BookRetention(), Receipts.Noon.AddDays(200), Cancelled);
        (await ProvenAsync(ledger)).Balances.Single().Overhead.ByteSeconds.ShouldBe(1_200_007);
    }

    /// <summary>A worker that went on while its ledger was brought forward: what is booked of it goes on where it was.</summary>
    [Fact]
    public async Task Open_ledgerWithoutMemoryOverhead_goesOnFromItsMeters()
    {
        using var store = await StoreAsync();
        await store.MakeAsync(version: 4);
        var epoch = LedgerTime.ToMicros(Receipts.Noon.AddSeconds(-15));
        await store.SqlAsync($"INSERT INTO meters (kind, name, epoch, until, cpu_micros) VALUES ('worker', 'pools/worker-a', {epoch}, 100, 400000)");
        await using var ledger = store.Open();
        await ledger.MeterAsync(Reading(seconds: 130, overheadMillis: 500) with { Incarnation = $"{epoch}" }, Cancelled);
        var balance = (await ProvenAsync(ledger)).Balances.Single();
        (balance.Reserved.CpuMicros, balance.Overhead).ShouldBe((60_000_000, ((Int128)100_000, (Int128)500_500)));
    }

    [Fact]
    public async Task Meter_byManyManagersAtOnce_booksEachSecondOnce()
    {
        using var store = await StoreAsync();
        await using var ledger = store.Open();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(
            async () =>
            {
                for (var seconds = 10; seconds <= 100; seconds += 10)
                {
                    await ledger.MeterAsync(Reading(seconds, overheadMillis: seconds), Cancelled);
                }
            },
            Cancelled)));
        var balance = (await ProvenAsync(ledger)).Balances.Single();
        (balance.Reserved.CpuMicros, balance.Overhead.CpuMicros).ShouldBe((200_000_000, 100_000));
    }

    [Fact]
    public async Task Meter_lease_booksWhatWasLeasedAndNoGap()
    {
        using var store = await StoreAsync();
        await using var ledger = store.Open();
        foreach (var seconds in (int[])[0, 10, 10, 25, 100, 110])
        {
            await ledger.MeterAsync(new LeaseReading("a", 500, 2, Receipts.Noon.AddSeconds(seconds), TimeSpan.FromSeconds(30)), Cancelled);
        }

        await ProvenAsync(ledger);
        var held = await ledger.HoldingsAsync(Query("a", Receipts.Noon, Receipts.Noon.AddHours(1)), Cancelled);
        var row = held.Rows.Single();
        (row.Leased!.CpuMicros, row.Leased.MemoryByteSeconds, row.Reserved).ShouldBe((35 * 500_000, 35.0 * (2 << 20), null));
        (await ledger.HoldingsAsync(Query("b", Receipts.Noon, Receipts.Noon.AddHours(1)), Cancelled)).Rows.ShouldBeEmpty();
        (await store.SqlAsync("SELECT name FROM accounts WHERE kind = 'leased'")).ShouldBe("a");
    }

    /// <summary>Postings 1 to 4 are receipts; whoever changes anything is found out by at least the promise that is named.</summary>
    [Theory]
    [InlineData("UPDATE entries SET cpu_micros = cpu_micros + 1 WHERE posting = 1 AND cpu_micros > 0", "balances to zero")]
    [InlineData("UPDATE entries SET byte_seconds = byte_seconds - 1 WHERE posting = 2 AND byte_seconds > 0", "balances to zero")]
    [InlineData("UPDATE entries SET cpu_micros = cpu_micros * 2 WHERE posting = 1", "own figures")]
    [InlineData("UPDATE entries SET byte_seconds = byte_seconds * 2 WHERE posting = 1", "own figures")]
    [InlineData("UPDATE receipts SET cpu_micros = cpu_micros - 1 WHERE posting = 1", "own figures")]
    [InlineData("UPDATE receipts SET byte_seconds = byte_seconds + 5 WHERE posting = 1", "own figures")]
    [InlineData("UPDATE receipts SET tenant = 'other' WHERE posting = 1", "own figures")]
    [InlineData("UPDATE receipts SET lot = 'other' WHERE posting = 1", "own figures")]
    [InlineData("UPDATE receipts SET started_at = started_at + 1 WHERE posting = 1", "own figures")]
    [InlineData("UPDATE transactions SET kind = 'lease' WHERE id = 1", "own figures")]
    [InlineData("DELETE FROM entries WHERE posting = 1", "without entries")]
    [InlineData("DELETE FROM transactions WHERE id = 1", "own figures")]
    [InlineData("DELETE FROM transactions WHERE id = 1", "every entry is of a transaction")]
    [InlineData("DELETE FROM accounts WHERE kind = 'overhead'", "every entry is of a transaction")]
    [InlineData("DELETE FROM receipts WHERE posting = 1", "without its receipt")]
    [InlineData("UPDATE receipts SET posting = 1 WHERE posting = 2", "posted once")]
    [InlineData("INSERT INTO entries SELECT 1, id, 0, 0 FROM accounts WHERE kind = 'overhead'", "posted once")]
    [InlineData("INSERT INTO transactions SELECT 999, kind, at FROM transactions WHERE id = 1; INSERT INTO entries SELECT 999, account, cpu_micros, byte_seconds FROM entries WHERE posting = 1", "without its receipt")]
    [InlineData("UPDATE rollups SET cpu_micros = cpu_micros + 1 WHERE tenant = 'b'", "add up to")]
    [InlineData("UPDATE rollups SET cpu_micros = cpu_micros + 1 WHERE tenant = 'b'", "reserved = used")]
    [InlineData("UPDATE rollups SET runs = runs + 1 WHERE tenant = 'b'", "add up to")]
    [InlineData("UPDATE rollups SET io_read_bytes = 0 WHERE tenant = 'b'", "add up to")]
    [InlineData("UPDATE rollups SET outcome = 'failed' WHERE tenant = 'b'", "add up to")]
    [InlineData("DELETE FROM rollups WHERE tenant = 'b'", "add up to")]
    [InlineData("UPDATE holdings SET cpu_micros = cpu_micros - 1", "each day's")]
    [InlineData("UPDATE holdings SET byte_seconds = byte_seconds + 1 WHERE account IN (SELECT id FROM accounts WHERE kind = 'overhead')", "each day's")]
    [InlineData("UPDATE entries SET byte_seconds = 0 WHERE account IN (SELECT id FROM accounts WHERE kind = 'overhead')", "balances to zero")]
    [InlineData("DELETE FROM holdings", "each day's")]
    [InlineData("UPDATE entries SET cpu_micros = 0 WHERE posting IN (SELECT id FROM transactions WHERE kind = 'capacity')", "each day's")]
    [InlineData("UPDATE transactions SET at = at + 86400000000 WHERE kind = 'lease'", "each day's")]
    public async Task Verify_tamperedBooks_areFoundOut(string tampering, string promise)
    {
        using var store = await StoreAsync();
        await using var ledger = store.Open();
        await ledger.RecordAsync([.. Enumerable.Range(0, 4).Select(i => Receipts.New(tenant: i < 2 ? "a" : "b") with { Lot = "lot-a" })], Cancelled);
        await ledger.MeterAsync(Reading(seconds: 20, overheadMillis: 500), Cancelled);
        await ledger.MeterAsync(new LeaseReading("a", 500, 2, Receipts.Noon, TimeSpan.FromSeconds(30)), Cancelled);
        await ledger.MeterAsync(new LeaseReading("a", 500, 2, Receipts.Noon.AddSeconds(10), TimeSpan.FromSeconds(30)), Cancelled);
        await ProvenAsync(ledger);

        await store.SqlAsync(tampering);
        var proof = await ledger.VerifyAsync(Cancelled);
        proof.Holds.ShouldBeFalse();
        var found = proof.Checks.Where(c => c.Promise.Contains(promise, StringComparison.Ordinal)).ShouldHaveSingleItem();
        found.Broken.ShouldBeGreaterThan(0);
        found.Examples.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Sum_byWhateverIsAsked_addsUpToTheSame()
    {
        using var store = await StoreAsync();
        await using var ledger = store.Open();
        Receipt[] receipts =
        [
            Receipts.New(tenant: "a"),
            Receipts.New(tenant: "a", outcome: Outcome.Failed) with { StartedAt = Receipts.Noon.AddMinutes(61), Lot = "lot-b" },
            Receipts.New(tenant: "b", template: "bash") with { StartedAt = Receipts.Noon.AddDays(1), Lot = "lot-a", CpuMicros = 5 },
        ];
        await ledger.RecordAsync(receipts, Cancelled);
        var all = Query(tenant: null, Receipts.Noon, Receipts.Noon.AddDays(2));
        (await By(UsageDimension.Tenant)).Select(r => (r.Tenant, r.Runs, r.CpuMicros)).ShouldBe([("a", 2, 6000), ("b", 1, 5)]);
        (await By(UsageDimension.Hour)).Select(r => r.At).ShouldBe([Receipts.Noon, Receipts.Noon.AddHours(1), Receipts.Noon.AddDays(1)]);
        (await By(UsageDimension.Day, UsageDimension.Template)).Select(r => (r.At, r.Template, r.Runs)).ShouldBe(
            [(Receipts.Noon.AddHours(-12), "python", 2), (Receipts.Noon.AddHours(12), "bash", 1)]);
        (await By(UsageDimension.Lot)).Select(r => (r.Lot, r.Worker, r.Runs)).ShouldBe([("lot-a", null, 1), ("lot-b", null, 1), (null, "worker-a", 1)]);
        (await By(UsageDimension.Outcome)).Select(r => r.Outcome).ShouldBe([Outcome.Failed, Outcome.Succeeded]);
        (await By()).Single().Runs.ShouldBe(3);
        (await ledger.SumAsync(all with { Tenant = "b", By = [] }, Cancelled)).Single().CpuMicros.ShouldBe(5);

        async Task<IReadOnlyList<Protocol.Rest.UsageRow>> By(params UsageDimension[] by)
        {
            var rows = await ledger.SumAsync(all with { By = by }, Cancelled);
            (rows.Sum(r => r.Runs), rows.Sum(r => r.CpuMicros)).ShouldBe((3, 6005));
            return rows;
        }
    }

    [Fact]
    public async Task Sum_interval_isExactToTheMicrosecond()
    {
        using var store = await StoreAsync();
        await using var ledger = store.Open();
        var random = new Random(5);
        var moments = Enumerable.Range(0, 300).Select(_ => Receipts.Noon.AddTicks(random.Next(6_000_000) * 1_000L)).ToList();
        await ledger.RecordAsync([.. moments.Select(m => Receipts.New() with { StartedAt = m })], Cancelled);
        for (var i = 0; i < 100; i++)
        {
            var (from, to) = (moments[random.Next(300)], moments[random.Next(300)]);
            (from, to) = from < to ? (from, to) : (to, from);
            var rows = await ledger.SumAsync("default", from, to, Cancelled);
            rows.Sum(r => r.Runs).ShouldBe(moments.Count(m => m >= from && m < to), $"{from:O} to {to:O}");
        }
    }

    [Fact]
    public async Task Pages_ofManyReceipts_areCompleteAndInOrder()
    {
        using var store = await StoreAsync();
        await using var ledger = store.Open();
        var receipts = Enumerable.Range(0, 2500).Select(i => Receipts.New(tenant: i % 2 == 0 ? "b" : "a") with { StartedAt = Receipts.Noon.AddSeconds(i / 700) }).ToList();
        await ledger.RecordAsync(receipts, Cancelled);
        var read = await ReadAsync(tenant: null, Receipts.Noon, Receipts.Noon.AddSeconds(3));
        var expected = receipts.Where(r => r.StartedAt < Receipts.Noon.AddSeconds(3)).Select(r => (r.Tenant, r.StartedAt, r.Run.Value)).Order();
        read.Select(r => (r.Tenant, r.StartedAt, r.Run.Value)).ShouldBe(expected);
        (await ReadAsync("a", Receipts.Noon, Receipts.Noon.AddDays(1))).Count.ShouldBe(1250);
        (await ReadAsync("nobody", Receipts.Noon, Receipts.Noon.AddDays(1))).ShouldBeEmpty();

        async Task<List<Receipt>> ReadAsync(string? tenant, DateTimeOffset from, DateTimeOffset to)
        {
            var all = new List<Receipt>();
            await foreach (var receipt in ledger.ReadReceiptsAsync(tenant, from, to, Cancelled))
            {
                all.Add(receipt);
            }

            return all;
        }
    }

    private protected static UsageQuery Query(string? tenant, DateTimeOffset from, DateTimeOffset to) => new() { Tenant = tenant, From = from, To = to, By = [] };

    private protected static WorkerReading Reading(double seconds, int overheadMillis) => new()
    {
        Meter = "pools/worker-a",
        Worker = "worker-a",
        Lot = "lot-a",
        Incarnation = "first",
        StartedAt = Receipts.Noon.AddSeconds(-15),
        Elapsed = TimeSpan.FromSeconds(seconds),
        CpuMillis = 2000,
        MemoryBytes = 1 << 30,
        Overhead = TimeSpan.FromMilliseconds(overheadMillis),
        OverheadByteSeconds = overheadMillis * 1001L,
    };

    private protected static async Task<LedgerProof> ProvenAsync(ILedger ledger)
    {
        var proof = await ledger.VerifyAsync(Cancelled);
        proof.Checks.Where(c => c.Broken > 0).SelectMany(c => c.Examples.Select(e => $"{c.Promise}: {e}")).ShouldBeEmpty();
        proof.Checks.Count.ShouldBe(8);
        return proof;
    }
}
