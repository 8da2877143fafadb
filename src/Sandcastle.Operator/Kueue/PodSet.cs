namespace Sandcastle.Operator.Kueue;

/// <summary>Pods of one form that are admitted together.</summary>
public sealed record PodSet
{
    public string Name { get; init; } = "main";

    public int Count { get; init; } = 1;
}
