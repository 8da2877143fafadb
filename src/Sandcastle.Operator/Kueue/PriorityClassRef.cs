namespace Sandcastle.Operator.Kueue;

/// <summary>Where a Workload's priority comes from.</summary>
public sealed record PriorityClassRef
{
    public string Group { get; init; } = "";

    public string Kind { get; init; } = "";

    public string Name { get; init; } = "";
}
