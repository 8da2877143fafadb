using Sandcastle.Daemon.Options;
using Sandcastle.Link.Tickets;
using Sandcastle.Link.Tls;
using Sandcastle.Manager;
using Sandcastle.Manager.Routing.Remote;
using Sandcastle.Manager.Runs;

namespace Sandcastle.Daemon.Roles;

/// <summary>A manager whose workers are elsewhere.</summary>
internal sealed class ManagerParts(DaemonOptions options, TlsDirectory? tls) : IRoleParts
{
    public void Add(WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<IWorkerSource>(new FixedWorkerSource(
            [.. options.Workers.Select(address => new Uri($"{(tls is null ? "http" : "https")}://{address}"))]));
        if (tls is not null)
        {
            builder.Services.AddSingleton(s => new TicketIssuer(tls, s.GetRequiredService<TimeProvider>()));
        }

        builder.Services.AddRemoteWorkers(new RemoteOptions { Dial = _ => LinkDialer.Make(tls) });
        builder.Services.AddManager(options.Manager with { NeedsWorkers = false });
        builder.Services.AddHostedService<ManagerDrain>();
    }

    public void Use(WebApplication app) => app.UseManager();

    /// <summary>Before the listener closes, so that every run has its answer.</summary>
    private sealed class ManagerDrain(RunService runs, DaemonOptions options) : IHostedLifecycleService
    {
        public Task StoppingAsync(CancellationToken cancellationToken) => runs.DrainAsync(options.StopGrace, CancellationToken.None);

        public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
