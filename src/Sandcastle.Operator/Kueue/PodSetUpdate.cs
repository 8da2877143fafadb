using Sandcastle.Operator.Resources.Pools;

namespace Sandcastle.Operator.Kueue;

/// <summary>What an admission check adds to the Pods of a pod set; it may add, and not change.</summary>
public sealed record PodSetUpdate
{
    public string Name { get; init; } = "";

    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    public IReadOnlyDictionary<string, string> Annotations { get; init; } = new Dictionary<string, string>();

    public IReadOnlyDictionary<string, string> NodeSelector { get; init; } = new Dictionary<string, string>();

    public IReadOnlyList<Toleration> Tolerations { get; init; } = [];
}
