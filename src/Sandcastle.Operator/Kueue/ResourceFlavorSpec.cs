using Sandcastle.Operator.Resources.Pools;

namespace Sandcastle.Operator.Kueue;

/// <summary>What Pods of a flavor must ask for.</summary>
public sealed record ResourceFlavorSpec
{
    public IReadOnlyDictionary<string, string> NodeLabels { get; init; } = new Dictionary<string, string>();

    public IReadOnlyList<Toleration> Tolerations { get; init; } = [];
}
