namespace Sandcastle.Operator.Pods;

/// <summary>The read part of a Pod's status.</summary>
public sealed record PodStatus
{
    public string Phase { get; init; } = "";

    public IReadOnlyList<PodCondition> Conditions { get; init; } = [];
}
