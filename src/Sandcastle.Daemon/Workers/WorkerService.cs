using Sandcastle.Daemon.Options;
using Sandcastle.Manager.Runs;
using Sandcastle.Worker;
using Sandcastle.Worker.Templates;

namespace Sandcastle.Daemon.Workers;

/// <summary>Starts the worker before the listener opens, and ends it with the daemon.</summary>
internal sealed class WorkerService(WorkerHost worker, RunService runs, DaemonOptions options) : IHostedLifecycleService
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

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Before the listener closes, so that every run that is let finish or is interrupted has its answer.</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        // Programs may finish while the grace lasts; nothing new is let in, also on connections that are open still.
        await runs.DrainAsync(options.StopGrace, CancellationToken.None);
        await worker.StopAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
