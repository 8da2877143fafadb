using Sandcastle.Operator.Resources;

namespace Sandcastle.Operator.Kueue;

/// <summary>A check that somebody's controller makes before a Workload is admitted.</summary>
public sealed record AdmissionCheck : KubeObject
{
    public AdmissionCheckSpec Spec { get; init; } = new();

    public AdmissionCheckStatus Status { get; init; } = new();
}
