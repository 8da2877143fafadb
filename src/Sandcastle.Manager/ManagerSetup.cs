using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using Sandcastle.Link.Tickets;
using Sandcastle.Manager.Admission;
using Sandcastle.Manager.Edges;
using Sandcastle.Manager.Edges.Grpc;
using Sandcastle.Manager.Edges.Mcp;
using Sandcastle.Manager.Edges.Rest;
using Sandcastle.Manager.Ledger;
using Sandcastle.Manager.Ledger.Books;
using Sandcastle.Manager.Ledger.Intake;
using Sandcastle.Manager.Peers;
using Sandcastle.Manager.Routing;
using Sandcastle.Manager.Routing.Remote;
using Sandcastle.Manager.Runs;
using Sandcastle.Manager.Telemetry;
using Sandcastle.Manager.Tenants;
using Sandcastle.Manager.Tenants.Keys;
using Sandcastle.Manager.Tenants.Store;
using Sandcastle.Protocol.Rest;

namespace Sandcastle.Manager;

/// <summary>
/// The manager, put together. One run goes: <see cref="RequestBoundary"/> checks the key and its scopes; an edge (REST, gRPC, MCP) makes a
/// <see cref="RunCall"/> of the request; <see cref="RunService"/> has it admitted (<see cref="RunAdmission"/>), joins or starts
/// it, <see cref="RunDispatch"/> has it wait for its tenant's limits, and <see cref="WorkerRouter"/> picks the worker; the edge writes the answer. Behind the answer the receipt travels from
/// the worker's journal through <see cref="ReceiptIntake"/> into the <see cref="ILedger"/>.
/// </summary>
public static class ManagerSetup
{
    /// <summary>Adds the manager. The host adds its <see cref="IWorkerLink"/>s, or by <see cref="AddRemoteWorkers"/> workers elsewhere.</summary>
    public static void AddManager(this IServiceCollection services, ManagerOptions options)
    {
        services.AddSingleton(s => new KeyRing(
            options.SharedKeyFile is { } shared ? ApiKeyFile.LoadShared(shared) : ApiKeyFile.LoadOrCreate(options.DataDirectory), s.GetRequiredService<TimeProvider>()));
        services.AddTenants();
        services.TryAddSingleton<ICallerCheck>(s => new CallerCheck(s.GetRequiredService<KeyRing>(), s.GetService<ITokenReview>()));
        services.AddSingleton(s => new PeerManagers(
            s.GetRequiredService<TenantStore>(), s.GetRequiredService<ManagerIdentity>(), options.Peers, s.GetRequiredService<TimeProvider>(),
            s.GetRequiredService<ILogger<PeerManagers>>()));
        services.AddSingleton<PeerEndpoints>();
        services.AddSingleton(options.Books);
        services.AddSingleton<FleetMetrics>();
        services.AddHostedService<CapacityPosting>();
        services.AddHostedService<LeasePosting>();
        services.AddHostedService<BookSweep>();
        if (!options.HoldReceipts)
        {
            services.AddHostedService<ReceiptIntake>();
        }

        AddRuns(services, options);
        services.AddGrpcEdge(options.Admission);
    }

    /// <summary>
    /// Adds to a worker an edge of its own: runs by ticket, past the manager. The host adds the worker's link and a <see cref="TicketVerifier"/>.
    /// The ledger there holds keys of repeatable requests alone: receipts travel by the worker's journal to a manager.
    /// </summary>
    public static void AddDirectEdge(this IServiceCollection services, ManagerOptions options)
    {
        services.AddSingleton(new KeyRing(key: null, TimeProvider.System));
        services.AddSingleton<ITenantDirectory, OpenTenants>();
        services.AddSingleton<ICallerCheck, TicketCheck>();
        AddRuns(services, options);
    }

    /// <summary>Workers in other processes, which the host's <see cref="IWorkerSource"/> finds; called before <see cref="AddManager"/>.</summary>
    public static void AddRemoteWorkers(this IServiceCollection services, RemoteOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton<RemoteWorkers>();
        services.AddSingleton<IWorkerDirectory>(s => s.GetRequiredService<RemoteWorkers>());
        services.AddHostedService(s => s.GetRequiredService<RemoteWorkers>());
        if (options.Rehearse)
        {
            services.AddSingleton<IFront, FrontRehearsal>();
            services.AddHostedService<Rehearsals>();
        }
    }

    /// <summary>Pools that may have no worker now, which the host's <see cref="IPoolOffers"/> knows; called before <see cref="AddManager"/>.</summary>
    public static void AddPools<TPools>(this IServiceCollection services)
        where TPools : class, IPoolOffers
    {
        services.AddSingleton<IPoolOffers>(s => s.GetRequiredService<TPools>());
        services.AddSingleton<AbsentWorkers>();
    }

    /// <summary>Puts the manager's edges into the pipeline, behind their boundary.</summary>
    public static void UseManager(this WebApplication app)
    {
        UseRuns(app);

        // Nobody else asks for it, and it tells nothing before it is made.
        _ = app.Services.GetRequiredService<FleetMetrics>();
        app.Services.GetRequiredService<WorkerEndpoints>().Map(app);
        app.Services.GetRequiredService<UsageEndpoints>().Map(app);
        app.Services.GetRequiredService<LedgerEndpoints>().Map(app);
        app.Services.GetRequiredService<TicketEndpoints>().Map(app);
        app.Services.GetRequiredService<KeyEndpoints>().Map(app);
        app.Services.GetRequiredService<TenantEndpoints>().Map(app);
        app.Services.GetRequiredService<PeerEndpoints>().Map(app);
        app.MapMcp("/mcp").WithMetadata(new NeedsScopeAttribute(ApiScopes.Run));
        app.MapGrpcEdge();
    }

    /// <summary>Puts a worker's own edge into the pipeline, behind the same boundary.</summary>
    public static void UseDirectEdge(this WebApplication app) => UseRuns(app);

    private static void UseRuns(WebApplication app)
    {
        // Opened before the first request, so that a ledger or a key that cannot be used stops the start.
        _ = app.Services.GetRequiredService<ILedger>();
        _ = app.Services.GetRequiredService<KeyRing>();

        app.UseRouting();
        app.UseGrpcEdge();
        app.UseMiddleware<RequestBoundary>();
        app.Services.GetRequiredService<RunEndpoints>().Map(app);
        app.Services.GetRequiredService<TemplateEndpoints>().Map(app);
        app.Services.GetRequiredService<HealthEndpoints>().Map(app);
        app.MapPrometheusScrapingEndpoint("/metrics");
        app.Services.GetRequiredService<DescriptionEndpoint>().Map(app);
    }

    private static void AddRuns(IServiceCollection services, ManagerOptions options)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options.Admission);
        services.AddSingleton(options.Retention);
        services.AddGate(options.Tenants);
        services.TryAddSingleton<IWorkerDirectory, FixedWorkers>();
        services.AddSingleton(s => options.Ledger.Open(options.DataDirectory, s.GetRequiredService<TimeProvider>()));
        services.AddSingleton(ManagerIdentity.New(options.Peers.Address));
        services.AddSingleton<WorkerRouter>();
        services.AddSingleton(s => new Readiness(s.GetRequiredService<WorkerRouter>(), options.NeedsWorkers));
        services.AddSingleton<RunAdmission>();
        services.AddSingleton<RunRetention>();
        services.AddSingleton<RunClaims>();
        services.AddSingleton<RunsElsewhere>();
        services.AddSingleton(options.Bounds);
        services.AddSingleton<IntakeMetrics>();
        services.AddSingleton<ReceiptDoor>();
        services.AddSingleton<KeyedRuns>();
        services.AddSingleton<RunService>();
        services.AddSingleton(s => new PendingReceipts(s.GetRequiredService<TimeProvider>(), options.PendingReceipts));
        services.AddSingleton<ManagerMetrics>();
        services.AddHostedService<LedgerPresence>();
        services.AddHostedService<RetentionSweep>();
        services.Configure<KestrelServerOptions>(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = options.Admission.BodyBytes;
        });
        AddEdges(services);
    }

    private static void AddEdges(IServiceCollection services)
    {
        services.AddSingleton<RunEndpoints>();
        services.AddSingleton<TemplateEndpoints>();
        services.AddSingleton<WorkerEndpoints>();
        services.AddSingleton<UsageReport>();
        services.AddSingleton<UsageEndpoints>();
        services.AddSingleton<LedgerEndpoints>();
        services.AddSingleton(s => new TicketEndpoints(s.GetRequiredService<WorkerRouter>(), s.GetRequiredService<KeyRing>(), s.GetRequiredService<ITenantDirectory>(), s.GetService<TicketIssuer>()));
        services.AddSingleton<HealthEndpoints>();
        services.ConfigureHttpJsonOptions(o =>
        {
            // For the description alone: numbers are numbers here, never strings.
            o.SerializerOptions.TypeInfoResolverChain.Insert(0, RestJson.Default);
            o.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
        });
        services.AddOpenApi(OpenApiDescription.Name, OpenApiDescription.Configure);
        services.AddSingleton<DescriptionEndpoint>();
        services.AddOpenTelemetry().ConfigureResource(r => r.AddService("sandcastled")).WithMetrics(m => m.AddMeter(ManagerMetrics.MeterName).AddPrometheusExporter());
        services.AddMcpServer().WithHttpTransport(o => o.Stateless = true).WithTools<RunTools>()
            .WithRequestFilters(filters => filters.AddCallToolFilter(ToolArguments.Check));
    }
}
