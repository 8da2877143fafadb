namespace Sandcastle.Manager.Tenants;

/// <summary>What holds for tenants in general.</summary>
public sealed record TenantOptions
{
    /// <summary>The terms of a tenant that has none of its own. Default: no limits, weight 1.</summary>
    public TenantTerms Defaults { get; init; } = new();

    /// <summary>Most runs of one tenant that wait in a manager, for its limits or for capacity.</summary>
    public int QueueLength { get; init; } = 1000;

    /// <summary>The longest that a run may ask to wait.</summary>
    public TimeSpan MostQueueWait { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Most keys of one tenant.</summary>
    public int KeysPerTenant { get; init; } = 100;

    /// <summary>Most tenants that metrics name; what others do is summed up under <c>_other</c>.</summary>
    public int TenantsInMetrics { get; init; } = 100;
}
