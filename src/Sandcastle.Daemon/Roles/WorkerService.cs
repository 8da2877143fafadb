using Sandcastle.Daemon.Options;
using Sandcastle.Worker;
using Sandcastle.Worker.Templates;

namespace Sandcastle.Daemon.Roles;

/// <summary>Starts the worker before the listener opens, and ends it with the daemon.</summary>
/// <param name="worker">Started and stopped.</param>
/// <param name="drain">Lets what runs come to its end, for as long as it may; nothing new is let in from its start on.</param>
internal sealed class WorkerService(WorkerHost worker, Func<Task> drain) : IHostedLifecycleService
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
        await drain();
        await worker.StopAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
