using Sandcastle.Operator.Resources;

namespace Sandcastle.Operator.Pods;

/// <summary>A machine, as far as it is read here.</summary>
public sealed record Node : KubeObject
{
    public NodeSpec Spec { get; init; } = new();
}
