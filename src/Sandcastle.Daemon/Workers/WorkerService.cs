using Sandcastle.Daemon.Options;
using Sandcastle.Worker;
using Sandcastle.Worker.Templates;

namespace Sandcastle.Daemon.Workers;

/// <summary>Starts the worker before the listener opens, and ends it with the daemon.</summary>
internal sealed class WorkerService(WorkerHost worker, DaemonOptions options, TimeProvider time) : IHostedService
{
    /// <exception cref="UsageException">The machine lacks something, or a template is wrong.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await worker.StartAsync(cancellationToken);
        }
        catch (Exception e) when (e is WorkerStartException or TemplateException)
        {
            throw new UsageException(e.Message);
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        // Programs may finish while the grace lasts; nothing new is let in, since the listener stops at the same time.
        var deadline = time.GetTimestamp();
        while (worker.Templates.Any(t => t.SlotsBusy > 0) && time.GetElapsedTime(deadline) < options.StopGrace)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), time, CancellationToken.None);
        }

        await worker.StopAsync(cancellationToken);
    }
}
