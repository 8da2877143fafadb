namespace Sandcastle.Operator.Pods;

/// <summary>One condition of a Pod: unlike ours, without a reason where all is well.</summary>
public sealed record PodCondition
{
    public string Type { get; init; } = "";

    public string Status { get; init; } = "";
}
