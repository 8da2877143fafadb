using Sandcastle.Manager.Runs;

namespace Sandcastle.Daemon.Lifetime;

/// <summary>Ends the daemon when it has been idle for so long: a background server that nobody uses takes nobody's memory.</summary>
internal sealed partial class IdleExit(
    TimeSpan after, Activity activity, RunService runs, IHostApplicationLifetime lifetime, TimeProvider clock, ILogger<IdleExit> logger)
    : BackgroundService
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(100);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The start is no idle time, however long it takes.
        await Task.Delay(Timeout.Infinite, lifetime.ApplicationStarted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        activity.Touch();
        while (!stoppingToken.IsCancellationRequested)
        {
            // A run with a key goes on without a request, and is work all the same.
            var idle = runs.RunningCount > 0 ? TimeSpan.Zero : activity.Idle;
            if (idle >= after)
            {
                LogLeaving(after);
                lifetime.StopApplication();
                return;
            }

            var left = after - idle;
            await Task.Delay(left > Shortest ? left : Shortest, clock, stoppingToken);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "idle for {After}, leaving")]
    private partial void LogLeaving(TimeSpan after);
}
