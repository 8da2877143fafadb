using Microsoft.Extensions.Hosting;

namespace Sandcastle.Manager.Runs;

/// <summary>Lets running programs finish when the daemon is told to stop, for <see cref="Grace"/>; then cancels them.</summary>
internal sealed class RunDrain(RunService runs, IHostApplicationLifetime lifetime, TimeProvider clock) : BackgroundService
{
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Begins when stopping is announced, not when it is this service's turn: the listener, which stops first, waits for the requests.
        var announced = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = lifetime.ApplicationStopping.Register(announced.SetResult);
        await announced.Task;
        using var grace = new CancellationTokenSource(Grace, clock);
        await runs.DrainAsync(grace.Token);
    }
}
