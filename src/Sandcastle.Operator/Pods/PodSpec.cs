namespace Sandcastle.Operator.Pods;

/// <summary>The read part of a Pod's spec.</summary>
public sealed record PodSpec
{
    /// <summary>Empty until it is scheduled.</summary>
    public string NodeName { get; init; } = "";
}
