using System.Text.Json.Nodes;
using Sandcastle.Testing.ApiServer.Objects;

namespace Sandcastle.Testing.ApiServer.Kueue;

/// <summary>What one pod set asks for.</summary>
/// <param name="Name">The pod set.</param>
/// <param name="Count">Pods, after what was handed back.</param>
/// <param name="PerPod">By resource.</param>
internal sealed record PodSetRequest(string Name, long Count, IReadOnlyDictionary<string, Quantity> PerPod)
{
    public Quantity Total(string resource) => PerPod.GetValueOrDefault(resource) * Count;

    /// <summary>Every pod set of a Workload.</summary>
    public static IReadOnlyList<PodSetRequest> Of(JsonObject workload) =>
    [
        .. workload.PodSets().Select(podSet => new PodSetRequest(
            podSet.Text("name"),
            Math.Max(0, (podSet.Number("count") ?? 0) - workload.Reclaimed(podSet.Text("name"))),
            PerPodOf(podSet))),
    ];

    // Containers together, or the greatest init container where that is more; a missing request is the limit; plus overhead.
    private static Dictionary<string, Quantity> PerPodOf(JsonObject podSet)
    {
        var total = new Dictionary<string, Quantity>();
        foreach (var container in podSet.Items("template.spec.containers"))
        {
            foreach (var (name, quantity) in Requests(container))
            {
                total[name] = total.GetValueOrDefault(name) + quantity;
            }
        }

        foreach (var (name, quantity) in podSet.Items("template.spec.initContainers").SelectMany(Requests))
        {
            total[name] = total.GetValueOrDefault(name) < quantity ? quantity : total[name];
        }

        foreach (var (name, quantity) in podSet.At("template.spec.overhead") as JsonObject ?? [])
        {
            total[name] = total.GetValueOrDefault(name) + Quantity.Parse(quantity);
        }

        return total;
    }

    private static Dictionary<string, Quantity> Requests(JsonObject container)
    {
        var requests = new Dictionary<string, Quantity>();
        foreach (var (name, quantity) in (container.At("resources.limits") as JsonObject ?? []).Concat(container.At("resources.requests") as JsonObject ?? []))
        {
            requests[name] = Quantity.Parse(quantity);
        }

        return requests;
    }
}
