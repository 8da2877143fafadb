namespace Sandcastle.Operator.Pods;

/// <summary>The read part of a Node's spec.</summary>
public sealed record NodeSpec
{
    /// <summary>Cordoned, as <c>kubectl drain</c> does first.</summary>
    public bool Unschedulable { get; init; }
}
