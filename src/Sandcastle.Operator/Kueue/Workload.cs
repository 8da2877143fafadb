using Sandcastle.Operator.Resources;

namespace Sandcastle.Operator.Kueue;

/// <summary>What Kueue admits, as far as it is read here: conditions and admission are Kueue's, the rest of a lot's Workload is ours.</summary>
public sealed record Workload : KubeObject
{
    public WorkloadSpec Spec { get; init; } = new();

    public WorkloadStatus Status { get; init; } = new();

    internal Condition? Condition(string type) => Status.Conditions.FirstOrDefault(condition => condition.Type == type);

    internal bool Is(string type) => Condition(type) is { IsTrue: true };

    internal bool IsActive => Spec.Active ?? true;

    internal bool IsFinished => Is(Names.Finished);

    internal bool IsReserved => Is(Names.QuotaReserved);

    internal bool IsEvicted => Is(Names.Evicted);

    internal bool IsOnHold => Condition(Names.QuotaReserved) is { Status: "False", Reason: Names.OnHold };

    /// <summary>Its Pods may be there: nothing that takes the quota away has happened.</summary>
    internal bool IsAdmitted => Is(Names.Admitted) && IsReserved && IsActive && !IsFinished && !IsDeleting() && Status.Admission is not null;

    internal PodSetAssignment? Assignment => AssignmentOf(Names.PodSet);

    /// <summary>Workers that the pod set asks for.</summary>
    internal int Count => CountOf(Names.PodSet);

    /// <summary>Workers that quota was granted for: fewer than asked for under partial admission; 0 when it was not.</summary>
    internal int Granted => Status.Admission is null ? 0 : Assignment is { } assignment ? assignment.Count ?? Count : 0;

    internal int Reclaimed => ReclaimedOf(Names.PodSet);

    internal PodSetAssignment? AssignmentOf(string podSet) => Status.Admission?.PodSetAssignments.FirstOrDefault(assignment => assignment.Name == podSet);

    internal int CountOf(string podSet) => Spec.PodSets.FirstOrDefault(set => set.Name == podSet)?.Count ?? 0;

    internal int ReclaimedOf(string podSet) => Status.ReclaimablePods.FirstOrDefault(pods => pods.Name == podSet)?.Count ?? 0;
}
