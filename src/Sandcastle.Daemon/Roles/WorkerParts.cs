using Microsoft.AspNetCore.Server.Kestrel.Core;
using OpenTelemetry.Metrics;
using Sandcastle.Daemon.Listening;
using Sandcastle.Daemon.Options;
using Sandcastle.Link.Tickets;
using Sandcastle.Link.Tls;
using Sandcastle.Manager;
using Sandcastle.Manager.Routing;
using Sandcastle.Worker;
using Sandcastle.Worker.Api;

namespace Sandcastle.Daemon.Roles;

/// <summary>A worker whose managers are elsewhere: they come in by the link; bearers of their tickets by the main listener.</summary>
internal sealed class WorkerParts(DaemonOptions options, TlsDirectory? tls) : IRoleParts
{
    public void Add(WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(s => new WorkerHost(
            Installation.WorkerOptions(options), s.GetRequiredService<TimeProvider>(), s.GetRequiredService<ILogger<WorkerHost>>()));
        builder.Services.AddSingleton<IWorker>(s => s.GetRequiredService<WorkerHost>());
        builder.Services.AddWorkerApi();
        builder.Services.AddHostedService(s => new WorkerService(
            s.GetRequiredService<WorkerHost>(),
            () => DrainAsync(s.GetRequiredService<WorkerDrain>(), s.GetRequiredService<WorkerHost>())));
        builder.Services.AddWorkerMetrics();
        if (tls is not null)
        {
            AddDirectEdge(builder.Services, tls);
        }
        else
        {
            builder.Services.AddOpenTelemetry().WithMetrics(m => m.AddPrometheusExporter());
        }

        builder.Services.Configure<KestrelServerOptions>(kestrel => LinkListener.Listen(kestrel, options.LinkListen!, tls));
    }

    public void Use(WebApplication app)
    {
        app.MapWhen(LinkListener.Is, link =>
        {
            link.UseRouting();
            link.UseEndpoints(routes => routes.MapWorkerApi());
        });
        if (tls is not null)
        {
            app.UseDirectEdge();
        }
        else
        {
            app.UseRouting();
            app.MapPrometheusScrapingEndpoint("/metrics");
        }

        app.UseWorkerMetrics();
    }

    /// <summary>Tickets are signed with managers' certificates: a worker without any has no direct edge.</summary>
    private void AddDirectEdge(IServiceCollection services, TlsDirectory files)
    {
        services.AddSingleton<IWorkerLink, DirectWorkerLink>();
        services.AddSingleton(s => new TicketVerifier(s.GetRequiredService<WorkerHost>().Name, files, s.GetRequiredService<TimeProvider>()));
        services.AddHostedService<RecordedElsewhere>();
        services.AddDirectEdge(options.Manager);
    }

    /// <summary>The programs, for the grace; then their receipts, for as long as a manager takes them: the journal may go with the Pod.</summary>
    private async Task DrainAsync(WorkerDrain drain, WorkerHost worker)
    {
        drain.Begin(options.StopGrace, preempted: false);
        await drain.WhenEmptyAsync(CancellationToken.None);
        using var patience = new CancellationTokenSource(DaemonHost.ReceiptPatience);
        await worker.WhenAcknowledgedAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        drain.Close();
    }
}
