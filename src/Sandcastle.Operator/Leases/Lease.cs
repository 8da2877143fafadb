using Sandcastle.Operator.Resources;

namespace Sandcastle.Operator.Leases;

/// <summary>The object by which one of several operators leads.</summary>
public sealed record Lease : KubeObject
{
    public LeaseSpec Spec { get; init; } = new();
}
