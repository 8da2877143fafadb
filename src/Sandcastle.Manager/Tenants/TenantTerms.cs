namespace Sandcastle.Manager.Tenants;

/// <summary>What a tenant may have at once and over time; null is no limit.</summary>
public sealed record TenantTerms
{
    /// <summary>The share under overload, against the weights of others; 1 to 1,000.</summary>
    public int Weight { get; init; } = 1;

    public int? ConcurrentRuns { get; init; }

    /// <summary>CPU as a rate: 1,000 is one core. Held against what was measured, so that it may be passed for a moment and is paid back.</summary>
    public long? CpuMillis { get; init; }

    /// <summary>Held against the memory limits of the runs that are under way.</summary>
    public long? MemoryMib { get; init; }

    public double? RunsPerSecond { get; init; }

    public TenantBudget Budget { get; init; } = new();

    /// <summary>What a cluster has admitted for this tenant; null where nothing need be admitted.</summary>
    public TenantLease? Lease { get; init; }

    /// <summary>The templates it may use; null for all.</summary>
    public IReadOnlyList<string>? Templates { get; init; }

    /// <summary>The tenant may use this template, and knows of it.</summary>
    public bool Allows(string template) => Templates?.Contains(template, StringComparer.Ordinal) != false;
}
