using Sandcastle.Operator.Planning.Actions;

namespace Sandcastle.Operator.Planning;

/// <summary>What to do about a pool now.</summary>
public sealed record Plan
{
    /// <summary>In this order.</summary>
    public required IReadOnlyList<PlannedAction> Actions { get; init; }

    /// <summary>When to look again though nothing has changed; null: only when something does.</summary>
    public TimeSpan? LookAgainAfter { get; init; }

    /// <summary>For the next plan of this pool.</summary>
    public required PoolMemory Memory { get; init; }
}
