using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sandcastle.Manager.Ledger;

namespace Sandcastle.Manager.Runs;

/// <summary>Frees results past their time while no request comes: in memory, and in the ledger.</summary>
internal sealed partial class RetentionSweep(RunRetention retention, ILedger ledger, TimeProvider clock, ILogger<RetentionSweep> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            retention.Sweep();
            try
            {
                await ledger.SweepKeysAsync(clock.GetUtcNow(), stoppingToken);
            }
#pragma warning disable CA1031 // The boundary of a loop that must outlive any one failure.
            catch (Exception e) when (e is not OperationCanceledException)
#pragma warning restore CA1031
            {
                LogUnswept(e);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "keys past their time could not be removed from the ledger; they are tried again")]
    private partial void LogUnswept(Exception exception);
}
