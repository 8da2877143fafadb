using Sandcastle.Operator.Resources;

namespace Sandcastle.Operator.Kueue;

/// <summary>A kind of node that quota is counted for.</summary>
public sealed record ResourceFlavor : KubeObject
{
    public ResourceFlavorSpec Spec { get; init; } = new();
}
