using System.Text.Json.Nodes;

namespace Sandcastle.Operator.Kueue;

/// <summary>Where one pod set's quota comes from.</summary>
public sealed record PodSetAssignment
{
    public string Name { get; init; } = "main";

    /// <summary>Flavor by resource.</summary>
    public IReadOnlyDictionary<string, string> Flavors { get; init; } = new Dictionary<string, string>();

    /// <summary>Pods that were admitted; absent on what is older than the field.</summary>
    public int? Count { get; init; }

    /// <summary>Which domains the Pods go to. Kueue itself assigns each Pod; what matters here is that it will.</summary>
    public JsonObject? TopologyAssignment { get; init; }
}
