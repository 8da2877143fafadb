namespace Sandcastle.Operator.Planning;

/// <summary>
/// What planning must remember between two looks at a pool and the cluster does not: for how long things have been as they are.
/// Forgotten at a restart, after which the waiting begins anew.
/// </summary>
public sealed record PoolMemory
{
    /// <summary>When the pool last had workers enough; null before the first look.</summary>
    public DateTimeOffset? EnoughAt { get; init; }

    /// <summary>When the pool was first looked at: what came before is unknown.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>How many workers were wanted, and when last, the latest last; only what a later look did not exceed.</summary>
    public IReadOnlyList<Wanted> Recent { get; init; } = [];

    /// <summary>When old workers last made room for a new lot that waits for quota.</summary>
    public DateTimeOffset? MadeRoomAt { get; init; }

    /// <summary>Since when every worker of a lot is idle, by lot.</summary>
    public IReadOnlyDictionary<string, DateTimeOffset> IdleSince { get; init; } = new Dictionary<string, DateTimeOffset>();
}
