namespace Sandcastle.Operator.Kueue;

/// <summary>When Kueue tries again what was evicted.</summary>
public sealed record RequeueState
{
    public DateTimeOffset? RequeueAt { get; init; }
}
