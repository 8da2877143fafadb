using Microsoft.Extensions.Logging.Abstractions;
using Sandcastle.Manager.Ledger;
using Sandcastle.Manager.Ledger.Books;
using Sandcastle.Manager.Ledger.Usage;
using Sandcastle.Manager.Tenants;
using Sandcastle.Manager.Tests.Fakes;
using Sandcastle.Testing.Clocks;

namespace Sandcastle.Manager.Tests.Ledger;

/// <summary>What is booked of leases as tenants are admitted, grow and lose what they had, in any store.</summary>
public abstract class LeaseContract : IAsyncLifetime
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly HandClock _clock = new();
    private readonly HandTenants _tenants = new();
    private BookStore _store = null!;
    private ILedger _ledger = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    protected abstract Task<BookStore> StoreAsync();

    public async ValueTask InitializeAsync()
    {
        _store = await StoreAsync();
        _ledger = _store.Open();
    }

    public async ValueTask DisposeAsync()
    {
        await _ledger.DisposeAsync();
        _store.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Lease_ofATenantThatNeverRanAnything_isBookedFromItsAdmissionOn()
    {
        using var manager = Manager();
        Lease("quiet", 0, 0);
        await manager.PostAsync(all: true, Cancelled);
        _clock.Advance(TimeSpan.FromSeconds(7));
        Lease("quiet", 500, 2);
        await manager.PostAsync(all: false, Cancelled);
        _clock.Advance(TimeSpan.FromSeconds(3));
        await manager.PostAsync(all: true, Cancelled);
        await LeasedAsync("quiet", 3 * 500_000, 3L * (2 << 20));
        await LeasedAsync("nobody", 0, 0);
    }

    /// <summary>Not a second of what it has now where it had something else.</summary>
    [Fact]
    public async Task Lease_thatChanges_isBookedAsItWasUntilThen()
    {
        using var manager = Manager();
        Lease("a", 1000, 1);
        await manager.PostAsync(all: false, Cancelled);
        await StepAsync(manager, 4, 3000, 1);
        await StepAsync(manager, 2, 0, 0);
        await StepAsync(manager, 5, 1000, 1);
        _clock.Advance(TimeSpan.FromSeconds(1));
        await manager.PostAsync(all: true, Cancelled);
        await LeasedAsync("a", (4 + (3 * 2) + 1) * 1_000_000, (4 + 2 + 1) << 20);
    }

    /// <summary>A clock that was a month ahead and is put right must not leave a month without leases.</summary>
    [Fact]
    public async Task Lease_afterTheClockWasSetBack_isBookedAgain()
    {
        using var manager = Manager();
        Lease("a", 1000, 0);
        foreach (var step in (TimeSpan[])[TimeSpan.Zero, TimeSpan.FromDays(30), TimeSpan.FromDays(-30), TimeSpan.FromSeconds(10)])
        {
            _clock.Advance(step);
            await manager.PostAsync(all: true, Cancelled);
        }

        await LeasedAsync("a", 10_000_000, 0);
    }

    [Fact]
    public async Task Lease_seenByManyManagers_isBookedOnce()
    {
        using var one = Manager();
        using var other = Manager();
        Lease("a", 1000, 0);
        for (var i = 0; i <= 5; i++)
        {
            await Task.WhenAll(one.PostAsync(all: true, Cancelled), other.PostAsync(all: true, Cancelled));
            _clock.Advance(TimeSpan.FromSeconds(8));
        }

        await LeasedAsync("a", 40_000_000, 0);

        // The next one was not there before: it goes on where these left off, but not over a time that nobody saw.
        using var next = Manager();
        await next.PostAsync(all: true, Cancelled);
        await LeasedAsync("a", 48_000_000, 0);
        _clock.Advance(TimeSpan.FromMinutes(5));
        using var late = Manager();
        await late.PostAsync(all: true, Cancelled);
        await LeasedAsync("a", 48_000_000, 0);
    }

    [Fact]
    public async Task Service_looksWhenALeaseChanges_andOnceMoreAtItsEnd()
    {
        using var manager = Manager();
        await manager.StartAsync(Cancelled);
        Lease("a", 1000, 1);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        patience.CancelAfter(TimeSpan.FromSeconds(30));
        while ((long)(await _store.SqlAsync("SELECT COUNT(*) FROM meters WHERE kind = 'lease' AND until > 0"))! == 0)
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        _clock.Advance(TimeSpan.FromSeconds(6));
        await manager.StopAsync(Cancelled);
        await LeasedAsync("a", 6_000_000, 6 << 20);
    }

    private LeasePosting Manager() => new(_tenants, _ledger, new BookOptions { MeterInterval = Interval }, _clock, NullLogger<LeasePosting>.Instance);

    private void Lease(string tenant, long cpuMillis, long memoryMib) =>
        _tenants.Set(tenant, new TenantTerms { Lease = new TenantLease(cpuMillis, memoryMib, Waiting: null) });

    private async Task StepAsync(LeasePosting manager, int seconds, long cpuMillis, long memoryMib)
    {
        _clock.Advance(TimeSpan.FromSeconds(seconds));
        Lease("a", cpuMillis, memoryMib);
        await manager.PostAsync(all: false, Cancelled);
    }

    private async Task LeasedAsync(string tenant, long cpuMicros, long byteSeconds)
    {
        var now = _clock.GetUtcNow();
        var held = await _ledger.HoldingsAsync(new UsageQuery { Tenant = tenant, From = now.AddHours(-1), To = now.AddHours(1), By = [] }, Cancelled);
        var leased = held.Rows.SingleOrDefault()?.Leased;
        (leased?.CpuMicros ?? 0, leased?.MemoryByteSeconds ?? 0).ShouldBe((cpuMicros, byteSeconds));
        (await _ledger.VerifyAsync(Cancelled)).Checks.ShouldAllBe(check => check.Broken == 0);
    }
}
