using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Sandcastle.Manager.Ledger;

/// <summary>
/// Tells the other managers that this one is alive, so that they wait for the runs whose keys it has. It begins before the first request
/// and ends after the last. One that stays away from the ledger for a lease is taken for dead; no run is started again for that.
/// </summary>
internal sealed partial class LedgerPresence(ILedger ledger, ManagerIdentity self, TimeProvider clock, ILogger<LedgerPresence> logger)
    : BackgroundService, IHostedLifecycleService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>Three beats may be lost.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(20);

    /// <summary>Of a manager that is alone: nobody waits to hear of it, and an idle machine's disk is left asleep.</summary>
    private static readonly TimeSpan LeaseForever = TimeSpan.FromDays(365_000);

    public Task StartingAsync(CancellationToken cancellationToken) =>
        ledger.BeatAsync(self.Name, ledger.IsShared ? Lease : LeaseForever, cancellationToken);

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            await ledger.LeaveAsync(self.Name, cancellationToken);
        }
        catch (LedgerUnavailableException e)
        {
            LogSilent(e);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!ledger.IsShared)
        {
            return;
        }

        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await ledger.BeatAsync(self.Name, Lease, stoppingToken);
            }
#pragma warning disable CA1031 // The boundary of a loop that must outlive any one failure.
            catch (Exception e) when (e is not OperationCanceledException)
#pragma warning restore CA1031
            {
                LogSilent(e);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "the ledger could not be told that this manager is alive")]
    private partial void LogSilent(Exception exception);
}
