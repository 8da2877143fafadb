using Sandcastle.Manager.Ledger;
using Sandcastle.Manager.Tests.Fakes;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Manager.Tests.Ledger;

/// <summary>Whatever breaks while a batch is recorded, at whichever step: all of it is there in the end, and once.</summary>
public abstract class PostingFaultContract
{
    private protected static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static TheoryData<string> Steps => ["receipts", "transactions", "entries", "rollups", "booked_use"];

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task Record_storeFailsInMidBatch_leavesNothingOfIt(string table)
    {
        using var store = await StoreAsync();
        await using var ledger = store.Open();
        var (first, second) = (Batch(), Batch());
        await ledger.RecordAsync(first, Cancelled);
        await RefuseAsync(store, table);
        await Should.ThrowAsync<Exception>(ledger.RecordAsync([.. second, .. first], Cancelled));
        await ProvenAsync(ledger, first);
        await MendAsync(store, table);
        await ledger.RecordAsync([.. second, .. first], Cancelled);
        await ProvenAsync(ledger, [.. first, .. second]);
    }

    private protected abstract Task<BookStore> StoreAsync();

    /// <summary>From now on the table takes no row.</summary>
    private protected abstract Task RefuseAsync(BookStore store, string table);

    private protected abstract Task MendAsync(BookStore store, string table);

    private protected static Receipt[] Batch() => [.. Enumerable.Range(0, 20).Select(i => Receipts.New(tenant: $"t{i % 3}") with
    {
        Lot = i % 4 == 0 ? null : $"lot-{i % 4}",
        StartedAt = Receipts.Noon.AddSeconds(17 * i),
        CpuMicros = 100 + i,
    })];

    private protected static async Task ProvenAsync(ILedger ledger, Receipt[] receipts)
    {
        var proof = await ledger.VerifyAsync(Cancelled);
        proof.Checks.Where(c => c.Broken > 0).ShouldBeEmpty();
        proof.Read.ShouldBe((receipts.Length, receipts.Length));
        proof.Balances.Aggregate((Int128)0, (sum, b) => sum + b.Used.CpuMicros).ShouldBe(receipts.Sum(r => r.CpuMicros));
        var now = TimeProvider.System.GetUtcNow();
        foreach (var tenant in receipts.GroupBy(r => r.Tenant, StringComparer.Ordinal))
        {
            (await ledger.BookedAsync(tenant.Key, now.AddDays(-1), now.AddDays(1), Cancelled)).CpuSeconds.ShouldBe(tenant.Sum(r => r.CpuMicros) / 1e6, tolerance: 1e-9);
        }
    }
}
