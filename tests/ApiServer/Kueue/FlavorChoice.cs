using System.Text.Json.Nodes;
using Sandcastle.Testing.ApiServer.Objects;

namespace Sandcastle.Testing.ApiServer.Kueue;

/// <summary>Which flavors a Workload would get, and why not.</summary>
internal sealed class FlavorChoice
{
    /// <summary>By pod set: the flavor of each resource.</summary>
    public Dictionary<string, Dictionary<string, string>> Flavors { get; } = [];

    public required IReadOnlyList<PodSetRequest> PodSets { get; init; }

    public Dictionary<FlavorResource, Quantity> Usage { get; } = [];

    /// <summary>Everything fits into what is free.</summary>
    public bool Fits { get; set; } = true;

    /// <summary>False: it does not fit even into an empty queue, so that preempting would not help.</summary>
    public bool CouldFit { get; set; } = true;

    /// <summary>The reason of QuotaReserved=False.</summary>
    public string Reason { get; set; } = "";

    /// <summary>The message of QuotaReserved=False.</summary>
    public string Message { get; set; } = "";

    /// <summary>The admission as it is written to the Workload.</summary>
    public JsonObject ToAdmission(string clusterQueue)
    {
        var assignments = new JsonArray();
        foreach (var podSet in PodSets)
        {
            var flavors = Flavors[podSet.Name];
            assignments.Add(new JsonObject
            {
                ["name"] = podSet.Name,
                ["flavors"] = new JsonObject(flavors.Select(one => KeyValuePair.Create<string, JsonNode?>(one.Key, one.Value))),
                ["resourceUsage"] = new JsonObject(flavors.Keys.Select(resource => KeyValuePair.Create<string, JsonNode?>(resource, podSet.Total(resource).Format(resource)))),
                ["count"] = podSet.Count,
            });
        }

        return new JsonObject { ["clusterQueue"] = clusterQueue, ["podSetAssignments"] = assignments };
    }
}
