using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sandcastle.Manager.Tenants.Enforcement;
using Sandcastle.Manager.Tenants.Store;

namespace Sandcastle.Manager.Tenants;

/// <summary>
/// Keeps what is known of keys, tenants and managers in memory, so that no request asks the ledger for it: loaded before the first request,
/// at once after a change made here, and every two seconds for changes made by other managers, where there can be any. Every few seconds budgets are
/// read again, since others spend of them too. What cannot be read stays as it was.
/// </summary>
internal sealed partial class TenantRefresh(
    TenantStore store, KeyRing keys, ITenantDirectory directory, TenantGate gate, LostRuns lost, ManagerIdentity self, TimeProvider clock, ILogger<TenantRefresh> logger)
    : BackgroundService, IHostedLifecycleService
{
    /// <summary>A key that is revoked, or terms that are set, at another manager hold here after so long.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan BudgetInterval = TimeSpan.FromSeconds(5);

    /// <summary>One manager alone knows what it spends but for runs that a crash cut off.</summary>
    private static readonly TimeSpan BudgetIntervalAlone = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _loading = new(1, 1);
    private long _revision = -1;

    /// <summary>After a change made here: it holds when this returns.</summary>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        await _loading.WaitAsync(cancellationToken);
        try
        {
            // Read before what it stands for, so that a change in between is seen the next time.
            var revision = await store.RevisionAsync(cancellationToken);
            keys.Take(await store.KeysAsync(cancellationToken));
            if (directory is StoredTenants stored)
            {
                stored.Take(await store.TenantsAsync(cancellationToken));
            }

            _revision = revision;
        }
        finally
        {
            _loading.Release();
        }
    }

    public Task StartingAsync(CancellationToken cancellationToken) => LoadAsync(cancellationToken);

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Dispose()
    {
        _loading.Dispose();
        base.Dispose();
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        store.IsShared ? RepeatAsync(Interval, LookAsync, stoppingToken) : Task.CompletedTask,
        RepeatAsync(store.IsShared ? BudgetInterval : BudgetIntervalAlone, ReadUseAsync, stoppingToken));

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        if (await store.RevisionAsync(cancellationToken) != _revision)
        {
            await LoadAsync(cancellationToken);
        }

        var managers = await store.ManagersAsync(cancellationToken);
        var rank = managers.TakeWhile(name => name != self.Name).Count();

        // One that has not been heard of itself holds its part all the same.
        gate.Part = new ManagerPart(Math.Max(managers.Count, rank + 1), rank);
    }

    private async Task ReadUseAsync(CancellationToken cancellationToken)
    {
        await lost.LookAsync(cancellationToken);
        await gate.RefreshAsync(cancellationToken);
    }

    private async Task RepeatAsync(TimeSpan interval, Func<CancellationToken, Task> look, CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(interval, clock);
        do
        {
            try
            {
                await look(stoppingToken);
            }
#pragma warning disable CA1031 // The boundary of a loop that must outlive any one failure.
            catch (Exception e) when (e is not OperationCanceledException)
#pragma warning restore CA1031
            {
                LogStale(e);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "keys, tenants or budgets could not be read from the ledger; what was known before goes on to hold")]
    private partial void LogStale(Exception exception);
}
