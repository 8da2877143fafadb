using System.Text.Json.Nodes;
using Sandcastle.Testing.ApiServer.Objects;

namespace Sandcastle.Testing.ApiServer.Kueue;

/// <summary>The checks that a Workload must pass: those of its queue for the flavors it got, or for all flavors before it got any.</summary>
internal static class AdmissionCheckStates
{
    /// <summary>Adds what is missing as Pending and drops what no longer applies, in the order of names.</summary>
    public static void Sync(JsonObject workload, JsonObject clusterQueue, TimeProvider time)
    {
        var wanted = Wanted(workload, clusterQueue);
        var present = workload.Items("status.admissionChecks").ToDictionary(one => one.Text("name"));
        if (wanted.SetEquals(present.Keys))
        {
            return;
        }

        workload.Child("status")["admissionChecks"] = new JsonArray([.. wanted.Order(StringComparer.Ordinal).Select(name => present.GetValueOrDefault(name)?.DeepClone() ?? new JsonObject
        {
            ["name"] = name, ["state"] = "Pending", ["message"] = "", ["lastTransitionTime"] = time.Timestamp(),
        })]);
        if (wanted.Count == 0)
        {
            workload.Child("status").Remove("admissionChecks");
        }
    }

    /// <summary>Checks in a state, as Kueue's messages name them.</summary>
    public static string Describe(IEnumerable<JsonObject> checks, string state)
    {
        var parts = checks.OrderBy(one => one.Text("name"), StringComparer.Ordinal)
            .Select(one => one.Text("message").Length > 0 ? $"\"{one.Text("name")}\" ({one.Text("message")})" : $"\"{one.Text("name")}\"").ToList();
        return $"{(parts.Count > 1 ? "AdmissionChecks" : "AdmissionCheck")} in {state} state: {string.Join("; ", parts)}";
    }

    private static HashSet<string> Wanted(JsonObject workload, JsonObject clusterQueue)
    {
        var all = clusterQueue.Items("spec.resourceGroups").SelectMany(group => group.Items("flavors")).Select(one => one.Text("name")).ToHashSet();
        var given = workload.Items("status.admission.podSetAssignments").SelectMany(one => one["flavors"] as JsonObject ?? []).Select(one => one.Value!.ToString()).ToHashSet();
        return
        [
            .. clusterQueue.Items("spec.admissionChecksStrategy.admissionChecks").Where(rule =>
            {
                var flavors = rule.Texts("onFlavors").ToHashSet();
                var applies = flavors.Count == 0 ? all : flavors;
                return workload.At("status.admission") is null ? applies.IsSupersetOf(all) : applies.Overlaps(given);
            }).Select(rule => rule.Text("name")),
        ];
    }
}
