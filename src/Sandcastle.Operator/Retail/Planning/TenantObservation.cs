using Sandcastle.Operator.Kueue;
using Sandcastle.Operator.Resources.Tenants;

namespace Sandcastle.Operator.Retail.Planning;

/// <summary>All that a plan for one tenant is made of.</summary>
public sealed record TenantObservation
{
    /// <summary>The tenant.</summary>
    public required string Namespace { get; init; }

    /// <summary>Of this namespace; the oldest is the tenant's.</summary>
    public IReadOnlyList<Tenant> Tenants { get; init; } = [];

    /// <summary>Of this namespace, with the label of a lease.</summary>
    public IReadOnlyList<Workload> Workloads { get; init; } = [];

    /// <summary>Names of the admission checks that are the ledger's.</summary>
    public IReadOnlyCollection<string> LedgerChecks { get; init; } = [];

    /// <summary>Null while the managers do not answer.</summary>
    public TenantUse? Use { get; init; }

    public RetailOptions Options { get; init; } = new();

    /// <summary>Kueue was seen to take slices for Workloads of their own.</summary>
    public bool SlicesFailed { get; init; }

    public TenantMemory Memory { get; init; } = new();

    public required DateTimeOffset Now { get; init; }
}
