namespace Sandcastle.Operator.Pods;

/// <summary>The read part of a Pod's status.</summary>
public sealed record PodStatus
{
    public string Phase { get; init; } = "";

    /// <summary>Empty until it has one.</summary>
    public string PodIP { get; init; } = "";

    public IReadOnlyList<PodCondition> Conditions { get; init; } = [];
}
