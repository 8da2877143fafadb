using Sandcastle.Manager.Ledger;
using Sandcastle.Manager.Tests.Fakes;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Manager.Tests.Ledger;

/// <summary>What any store does with the keys of repeatable requests.</summary>
public abstract class KeyContract
{
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);

    /// <summary>Opens the ledger of this test; a second time, the same one.</summary>
    protected abstract Task<ILedger> OpenAsync();

    [Fact]
    public async Task Claim_manyAtOnce_oneHasIt()
    {
        await using var ledger = await OpenAsync();
        var claims = Enumerable.Range(0, 32).Select(_ => Claim()).ToList();
        var standing = await Task.WhenAll(claims.Select(c => Task.Run(
            () => ledger.ClaimKeyAsync(c, TestContext.Current.CancellationToken), TestContext.Current.CancellationToken)));
        var winner = claims[Array.FindIndex(standing, s => s is null)];
        standing.Count(s => s is null).ShouldBe(1);
        standing.Where(s => s is not null).ShouldAllBe(s => s!.Run == winner.Run && s.Digest == winner.Digest && s.Manager == winner.Manager);
    }

    [Fact]
    public async Task Claim_repeated_isStillOurs()
    {
        await using var ledger = await OpenAsync();
        var claim = Claim();
        (await ClaimAsync(ledger, claim)).ShouldBeNull();
        (await ClaimAsync(ledger, claim)).ShouldBeNull();
        (await ClaimAsync(ledger, Claim() with { Tenant = "other" })).ShouldBeNull();
        (await ClaimAsync(ledger, Claim() with { Key = "K" })).ShouldBeNull();
    }

    [Fact]
    public async Task Claim_expiredKey_isFreeAndItsResultGone()
    {
        await using var ledger = await OpenAsync();
        var first = Claim();
        await ClaimAsync(ledger, first);
        await ledger.SettleKeyAsync("default", "k", first.Run, [1], Receipts.Noon.AddMinutes(10), TestContext.Current.CancellationToken);
        (await ClaimAsync(ledger, Claim(Receipts.Noon.AddMinutes(10).AddTicks(-10))))!.Run.ShouldBe(first.Run);
        var next = Claim(Receipts.Noon.AddMinutes(10));
        (await ClaimAsync(ledger, next)).ShouldBeNull();
        (await FindAsync(ledger, next.CreatedAt))!.Result.ShouldBeNull();
    }

    [Fact]
    public async Task Settle_key_answersUntilItExpires()
    {
        await using var ledger = await OpenAsync();
        var claim = Claim();
        await ClaimAsync(ledger, claim);
        (await FindAsync(ledger))!.Result.ShouldBeNull();
        byte[] result = [0, 1, 255];
        await ledger.SettleKeyAsync("default", "k", claim.Run, result, Receipts.Noon.AddMinutes(10), TestContext.Current.CancellationToken);
        await ledger.SettleKeyAsync("default", "k", RunId.New(), [9], Receipts.Noon.AddMinutes(20), TestContext.Current.CancellationToken);
        (await FindAsync(ledger, Receipts.Noon.AddMinutes(9)))!.Result.ShouldBe(result);
        (await FindAsync(ledger, Receipts.Noon.AddMinutes(10))).ShouldBeNull();
    }

    [Fact]
    public async Task Release_key_isFreeAgainUnlessAnotherHasIt()
    {
        await using var ledger = await OpenAsync();
        var claim = Claim();
        await ClaimAsync(ledger, claim);
        await ledger.ReleaseKeyAsync("default", "k", RunId.New(), TestContext.Current.CancellationToken);
        (await FindAsync(ledger)).ShouldNotBeNull();
        await ledger.ReleaseKeyAsync("default", "k", claim.Run, TestContext.Current.CancellationToken);
        (await FindAsync(ledger)).ShouldBeNull();
        var next = Claim();
        (await ClaimAsync(ledger, next)).ShouldBeNull();
        await ledger.SettleKeyAsync("default", "k", next.Run, [1], Receipts.Noon.AddMinutes(10), TestContext.Current.CancellationToken);
        await ledger.ReleaseKeyAsync("default", "k", next.Run, TestContext.Current.CancellationToken);
        (await FindAsync(ledger)).ShouldNotBeNull();
    }

    [Fact]
    public async Task Beat_manager_isAliveUntilItLeavesOrItsLeaseEnds()
    {
        await using var ledger = await OpenAsync();
        await ClaimAsync(ledger, Claim());
        (await FindAsync(ledger))!.ManagerIsAlive.ShouldBeFalse();
        await ledger.BeatAsync("m1", Lease, TestContext.Current.CancellationToken);
        await ledger.BeatAsync("m1", Lease, TestContext.Current.CancellationToken);
        (await FindAsync(ledger))!.ManagerIsAlive.ShouldBeTrue();
        await ledger.LeaveAsync("m1", TestContext.Current.CancellationToken);
        (await FindAsync(ledger))!.ManagerIsAlive.ShouldBeFalse();
        await ledger.BeatAsync("m1", -Lease, TestContext.Current.CancellationToken);
        (await FindAsync(ledger))!.ManagerIsAlive.ShouldBeFalse();
    }

    [Fact]
    public async Task Sweep_keys_leavesThoseThatAnswer()
    {
        await using var ledger = await OpenAsync();
        await ClaimAsync(ledger, Claim());
        await ledger.SweepKeysAsync(Receipts.Noon.AddMinutes(59), TestContext.Current.CancellationToken);
        (await FindAsync(ledger)).ShouldNotBeNull();
        await ledger.SweepKeysAsync(Receipts.Noon.AddMinutes(60), TestContext.Current.CancellationToken);
        (await FindAsync(ledger)).ShouldBeNull();
    }

    private static KeyEntry Claim(DateTimeOffset? at = null) => new()
    {
        Tenant = "default",
        Key = "k",
        Digest = "d",
        Run = RunId.New(),
        Manager = "m1",
        CreatedAt = at ?? Receipts.Noon,
        ExpiresAt = (at ?? Receipts.Noon).AddHours(1),
    };

    private static Task<KeyEntry?> ClaimAsync(ILedger ledger, KeyEntry claim) => ledger.ClaimKeyAsync(claim, TestContext.Current.CancellationToken);

    private static Task<KeyEntry?> FindAsync(ILedger ledger, DateTimeOffset? at = null) =>
        ledger.FindKeyAsync("default", "k", at ?? Receipts.Noon, TestContext.Current.CancellationToken);
}
