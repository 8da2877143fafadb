using Microsoft.Extensions.Hosting;

namespace Sandcastle.Manager.Runs;

/// <summary>Frees results past their time while no request comes.</summary>
internal sealed class RetentionSweep(RunRetention retention, TimeProvider clock) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            retention.Sweep();
        }
    }
}
