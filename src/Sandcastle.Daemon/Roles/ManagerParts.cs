using k8s;
using Sandcastle.Daemon.Options;
using Sandcastle.Link.Tickets;
using Sandcastle.Link.Tls;
using Sandcastle.Manager;
using Sandcastle.Manager.Routing.Remote;
using Sandcastle.Manager.Runs;
using Sandcastle.Manager.Tenants;
using Sandcastle.Operator.Tenants;
using Sandcastle.Operator.Tokens;
using Sandcastle.Operator.Workers;

namespace Sandcastle.Daemon.Roles;

/// <summary>A manager whose workers are elsewhere.</summary>
internal sealed class ManagerParts(DaemonOptions options, TlsDirectory? tls) : IRoleParts
{
    public void Add(WebApplicationBuilder builder)
    {
        if (options.Workers.Count > 0)
        {
            builder.Services.AddSingleton<IWorkerSource>(new FixedWorkerSource([.. options.Workers.Select(address => new Uri($"{Scheme}://{address}"))]));
        }
        else
        {
            AddCluster(builder.Services);
        }

        if (tls is not null)
        {
            builder.Services.AddSingleton(s => new TicketIssuer(tls, s.GetRequiredService<TimeProvider>()));
        }

        builder.Services.AddRemoteWorkers(new RemoteOptions { Dial = worker => LinkDialer.Make(tls, PeerNames.WorkerOf(worker.Namespace)), Rehearse = options.Rehearse, Bounds = options.Bounds });
        var peers = options.Peers with { Dial = tls is null ? null : () => LinkDialer.Make(tls, PeerNames.Manager) };
        builder.Services.AddManager(options.Manager with { NeedsWorkers = false, Peers = peers });
        builder.Services.AddHostedService<ManagerDrain>();
    }

    public void Use(WebApplication app) => app.UseManager();

    private string Scheme => tls is null ? "http" : "https";

    private void AddCluster(IServiceCollection services)
    {
        services.AddSingleton(ClusterAccess.Find());
        services.AddSingleton(s => new Kubernetes(s.GetRequiredService<KubernetesClientConfiguration>()));
        services.AddSingleton<TokenReviewer>();
        services.AddSingleton<ITokenReview, ClusterTokens>();
        services.AddSingleton<TenantWatch>();
        services.AddSingleton(s => new ClusterTenants(s.GetRequiredService<TenantWatch>(), options.UnknownTenants));
        services.AddSingleton<ITenantDirectory>(s => s.GetRequiredService<ClusterTenants>());
        services.AddHostedService(s => s.GetRequiredService<ClusterTenants>());
        services.AddSingleton(s => new ClusterPools([.. options.WorkerNamespaces.Select(ns => Pools(s, ns))]));
        services.AddHostedService(s => s.GetRequiredService<ClusterPools>());
        services.AddPools<ClusterPools>();
        services.AddSingleton<IWorkerSource>(s => new ClusterWorkers([.. options.WorkerNamespaces.Select(ns => Watch(s, ns))], Scheme));
    }

    private static PoolWatch Pools(IServiceProvider services, string ns) => new(
        services.GetRequiredService<Kubernetes>(), ns.Length == 0 ? null : ns, services.GetRequiredService<TimeProvider>(), services.GetRequiredService<ILoggerFactory>());

    private static WorkerWatch Watch(IServiceProvider services, string ns) => new(
        services.GetRequiredService<Kubernetes>(), ns.Length == 0 ? null : ns, services.GetRequiredService<TimeProvider>(), services.GetRequiredService<ILoggerFactory>());

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
