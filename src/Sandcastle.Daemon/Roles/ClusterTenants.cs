using Sandcastle.Daemon.Options;
using Sandcastle.Manager.Tenants;
using Sandcastle.Operator.Resources.Tenants;
using Sandcastle.Operator.Tenants;
using BudgetAmount = Sandcastle.Manager.Tenants.BudgetAmount;
using TenantBudget = Sandcastle.Manager.Tenants.TenantBudget;

namespace Sandcastle.Daemon.Roles;

/// <summary>
/// A manager's tenants in a cluster: what their Tenants say, and the lease that is admitted for them. Until the first list is there nobody has
/// a lease, since whoever is served before may be one who must not be.
/// </summary>
internal sealed class ClusterTenants(TenantWatch watch, UnknownTenants unknown) : BackgroundService, ITenantDirectory
{
    private static readonly TenantTerms NotYet = Nothing("the cluster's Tenants are not known yet: the manager must be able to list tenants.sandcastle.dev");

    private volatile IReadOnlyDictionary<string, TenantTerms>? _tenants;

    public event EventHandler? Changed;

    public IEnumerable<string> Names => _tenants?.Keys ?? [];

    public TenantTerms Of(string tenant) =>
        _tenants is not { } known ? NotYet
        : known.TryGetValue(tenant, out var terms) ? terms
        : unknown == UnknownTenants.Serve ? new TenantTerms()
        : Nothing($"namespace {tenant} has no Tenant, and this cluster serves none without");

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var tenants in watch.WatchAsync(stoppingToken))
        {
            _tenants = tenants.ToDictionary(tenant => tenant.Metadata.Namespace, TryTerms, StringComparer.Ordinal);
            Changed?.Invoke(this, EventArgs.Empty);
        }
    }

    /// <summary>Whoever writes a Tenant that nobody understands has nothing; all others have theirs.</summary>
    internal static TenantTerms TryTerms(Tenant tenant)
    {
        try
        {
            return Terms(tenant);
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            return Nothing($"Tenant {tenant.Metadata.Namespace}/{tenant.Metadata.Name} is not understood: {e.Message}");
        }
    }

    internal static TenantTerms Terms(Tenant tenant)
    {
        var (spec, lease) = (tenant.Spec, tenant.Status?.Lease);
        return new TenantTerms
        {
            Weight = spec.Weight,
            ConcurrentRuns = spec.Limits.ConcurrentRuns,
            CpuMillis = Whole(spec.Limits.Cpu, 1000, 1),
            MemoryMib = Whole(spec.Limits.Memory, 1, 1 << 20),
            RunsPerSecond = spec.Limits.RunsPerSecond,
            Budget = new TenantBudget { Hour = Amount(spec.Budget.Hour), Day = Amount(spec.Budget.Day), Month = Amount(spec.Budget.Month) },
            Lease = lease is null
                ? new TenantLease(0, 0, "the operator has not asked for a lease yet")
                : new TenantLease(lease.CpuMillis, lease.MemoryMib, lease.Waiting),
            Templates = spec.Templates,
        };
    }

    private static TenantTerms Nothing(string why) => new() { Lease = new TenantLease(0, 0, why) };

    private static long? Whole(Operator.Resources.Quantity? quantity, long times, long by) => quantity is { } amount ? (long)Math.Min(long.MaxValue, amount.Value() * times / by) : null;

    private static BudgetAmount Amount(Operator.Resources.Tenants.BudgetAmount? amount) => new(amount?.CpuSeconds, amount?.GibSeconds);
}
