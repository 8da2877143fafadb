namespace Sandcastle.Operator.Kueue;

/// <summary>Pods of a pod set whose quota is handed back. May only grow while quota is reserved.</summary>
public sealed record ReclaimablePods
{
    public string Name { get; init; } = "";

    public int Count { get; init; }
}
