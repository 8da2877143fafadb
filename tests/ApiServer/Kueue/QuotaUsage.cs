using System.Text.Json.Nodes;
using Sandcastle.Testing.ApiServer.Objects;

namespace Sandcastle.Testing.ApiServer.Kueue;

/// <summary>How much an admitted Workload counts for.</summary>
internal static class QuotaUsage
{
    /// <summary>
    /// What was admitted, less what was handed back: a count that fell below the admitted one by reclaimablePods or in the spec scales the
    /// usage down; one that is above it belongs to a partial admission and changes nothing.
    /// </summary>
    public static Dictionary<FlavorResource, Quantity> Of(JsonObject workload)
    {
        var usage = new Dictionary<FlavorResource, Quantity>();
        var counts = PodSetRequest.Of(workload).ToDictionary(one => one.Name, one => one.Count);
        foreach (var assignment in workload.Items("status.admission.podSetAssignments"))
        {
            var left = counts.GetValueOrDefault(assignment.Text("name"));
            var admitted = assignment.Number("count") ?? left;
            foreach (var (resource, total) in assignment["resourceUsage"] as JsonObject ?? [])
            {
                var key = new FlavorResource(assignment["flavors"]?[resource]?.ToString() ?? "", resource);
                var quantity = Quantity.Parse(total);
                usage[key] = usage.GetValueOrDefault(key) + (left < admitted ? new Quantity(quantity.Value / admitted * left) : quantity);
            }
        }

        return usage;
    }
}
