using Sandcastle.Operator.Resources;

namespace Sandcastle.Operator.Kueue;

/// <summary>A named priority of Workloads.</summary>
public sealed record WorkloadPriorityClass : KubeObject
{
    public int Value { get; init; }
}
