using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Sandcastle.Manager.Edges.Rest;
using Sandcastle.Manager.Ledger;
using Sandcastle.Manager.Runs;
using Sandcastle.Manager.Telemetry;
using Sandcastle.Manager.Tenants.Enforcement;
using Sandcastle.Manager.Tenants.Keys;
using Sandcastle.Manager.Tenants.Store;

namespace Sandcastle.Manager.Tenants;

/// <summary>Puts tenants together.</summary>
internal static class TenantSetup
{
    /// <summary>Whoever serves runs: the gate, whose terms come from the <see cref="ITenantDirectory"/> that the caller adds.</summary>
    public static void AddGate(this IServiceCollection services, TenantOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton<BudgetReader>();
        services.AddSingleton(s => new TenantGate(
            s.GetRequiredService<ITenantDirectory>(), options, s.GetRequiredService<BudgetReader>(), s.GetRequiredService<TimeProvider>()));
        services.AddSingleton<LostRuns>();
        services.AddSingleton<CapacityLine>();
        services.AddSingleton<RunDispatch>();
        services.AddSingleton<TenantMetrics>();
    }

    /// <summary>A manager: keys and tenants that are stored. A host whose tenants come from elsewhere adds its directory before.</summary>
    public static void AddTenants(this IServiceCollection services)
    {
        services.AddSingleton(s => (ILedgerDatabase)s.GetRequiredService<ILedger>());
        services.TryAddSingleton<ITenantDirectory, StoredTenants>();
        services.AddSingleton<TenantStore>();
        services.AddSingleton<KeyAdministration>();
        services.AddSingleton<TenantRefresh>();
        services.AddHostedService(s => s.GetRequiredService<TenantRefresh>());
        services.AddSingleton<KeyEndpoints>();
        services.AddSingleton<TenantEndpoints>();
    }
}
