namespace Sandcastle.Operator.Kueue;

/// <summary>What Kueue granted: set or nulled, never edited.</summary>
public sealed record Admission
{
    public string ClusterQueue { get; init; } = "";

    public IReadOnlyList<PodSetAssignment> PodSetAssignments { get; init; } = [];
}
