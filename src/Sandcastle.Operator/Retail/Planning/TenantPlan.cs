using Sandcastle.Operator.Planning.Actions;

namespace Sandcastle.Operator.Retail.Planning;

/// <summary>What to do about a tenant now.</summary>
public sealed record TenantPlan
{
    /// <summary>In this order.</summary>
    public required IReadOnlyList<PlannedAction> Actions { get; init; }

    /// <summary>When to look again though nothing has changed; null: only when something does.</summary>
    public TimeSpan? LookAgainAfter { get; init; }

    /// <summary>For the next plan of this tenant.</summary>
    public required TenantMemory Memory { get; init; }

    /// <summary>Kueue holds quota for a slice and for the one it should have replaced.</summary>
    public bool SlicesFailed { get; init; }

    /// <summary>What the lease is to have, in credits.</summary>
    public int Wanted { get; init; }

    /// <summary>What is admitted, in credits.</summary>
    public int Leased { get; init; }

    /// <summary>Since when more is asked for than is admitted; null when it is not.</summary>
    public DateTimeOffset? WaitingSince { get; init; }

    /// <summary>Where the lease's quota comes from; null while it has none.</summary>
    public LeasePlace? Place { get; init; }
}
