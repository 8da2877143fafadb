namespace Sandcastle.Operator.Kueue;

/// <summary>The read part of a Workload's spec.</summary>
public sealed record WorkloadSpec
{
    public string QueueName { get; init; } = "";

    public PriorityClassRef? PriorityClassRef { get; init; }

    public int? Priority { get; init; }

    public bool? Active { get; init; }

    public IReadOnlyList<PodSet> PodSets { get; init; } = [];
}
