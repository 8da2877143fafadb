namespace Sandcastle.Operator.Retail.Planning;

/// <summary>
/// What planning must remember between two looks at a tenant and the cluster does not: for how long things have been as they are.
/// Forgotten at a restart, after which the waiting begins anew.
/// </summary>
public sealed record TenantMemory
{
    /// <summary>Since when more is wanted than is asked for.</summary>
    public DateTimeOffset? MoreSince { get; init; }

    /// <summary>Since when less is wanted.</summary>
    public DateTimeOffset? LessSince { get; init; }

    /// <summary>The most that was wanted since then, in credits.</summary>
    public int LessMost { get; init; }

    /// <summary>When the lease was last made, enlarged or reduced.</summary>
    public DateTimeOffset? ChangedAt { get; init; }
}
