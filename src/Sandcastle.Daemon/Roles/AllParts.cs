using Sandcastle.Daemon.Options;
using Sandcastle.Manager;
using Sandcastle.Manager.Routing;
using Sandcastle.Manager.Runs;
using Sandcastle.Worker;

namespace Sandcastle.Daemon.Roles;

/// <summary>Manager and worker in one process: a run goes from one to the other by a call.</summary>
internal sealed class AllParts(DaemonOptions options) : IRoleParts
{
    public void Add(WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton(s => new WorkerHost(
            Installation.WorkerOptions(options), s.GetRequiredService<TimeProvider>(), s.GetRequiredService<ILogger<WorkerHost>>()));
        builder.Services.AddSingleton<IWorkerLink, LocalWorkerLink>();

        // Programs may finish while the grace lasts; nothing new is let in, also on connections that are open still.
        builder.Services.AddHostedService(s => new WorkerService(
            s.GetRequiredService<WorkerHost>(),
            () => s.GetRequiredService<RunService>().DrainAsync(options.StopGrace, CancellationToken.None)));
        builder.Services.AddManager(options.Manager);
        builder.Services.AddWorkerMetrics();
    }

    public void Use(WebApplication app)
    {
        app.UseManager();
        app.UseWorkerMetrics();
    }
}
