using Sandcastle.Operator.Resources;

namespace Sandcastle.Operator.Kueue;

/// <summary>The read part of a Workload's status.</summary>
public sealed record WorkloadStatus
{
    public IReadOnlyList<Condition> Conditions { get; init; } = [];

    public Admission? Admission { get; init; }

    public IReadOnlyList<ReclaimablePods> ReclaimablePods { get; init; } = [];

    public RequeueState? RequeueState { get; init; }

    public IReadOnlyList<AdmissionCheckState> AdmissionChecks { get; init; } = [];
}
