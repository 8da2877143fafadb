using System.Text.Json.Nodes;

namespace Sandcastle.Testing.Invariants;

/// <summary>What must hold of lots, Workloads and Pods that were read together, at every moment, whatever fails: no lot is doubled, and no Pod stands on quota that nobody holds.</summary>
internal static class LotInvariants
{
    /// <returns>What does not hold, in sentences.</returns>
    internal static IEnumerable<string> Broken(IReadOnlyList<JsonObject> lots, IReadOnlyList<JsonObject> workloads, IReadOnlyList<JsonObject> pods, int mostWorkers)
    {
        var workers = lots.Where(lot => lot["metadata"]!["deletionTimestamp"] is null)
            .Sum(lot => lot["spec"]!["count"]!.GetValue<int>() - (lot["spec"]!["release"]?.GetValue<int>() ?? 0));
        if (workers > mostWorkers)
        {
            yield return $"{workers} workers are asked for, and {mostWorkers} are allowed";
        }

        foreach (var several in workloads.GroupBy(Owner).Where(group => group.Key.Length > 0 && group.Count() > 1))
        {
            yield return $"lot {several.Key} has {several.Count()} Workloads";
        }

        foreach (var own in pods.Where(pod => pod["status"]?["phase"]?.GetValue<string>() is not ("Succeeded" or "Failed")).GroupBy(Owner))
        {
            var quota = workloads.Where(workload => Owner(workload) == own.Key).Select(Quota).FirstOrDefault();
            if (own.Count() > (quota ?? int.MaxValue))
            {
                yield return $"lot {own.Key} has {own.Count()} Pods on the quota of {quota}";
            }
        }
    }

    /// <summary>Workers that quota is held for; null when it was taken away under them, as a person or Kueue may.</summary>
    private static int? Quota(JsonObject workload)
    {
        var isTaken = workload["spec"]!["active"]?.GetValue<bool>() is false || Is(workload, "Finished") || workload["metadata"]!["deletionTimestamp"] is not null;
        if (isTaken)
        {
            return null;
        }

        if (!Is(workload, "QuotaReserved"))
        {
            return 0;
        }

        var count = workload["spec"]!["podSets"]![0]!["count"]!.GetValue<int>();
        var granted = workload["status"]!["admission"]!["podSetAssignments"]![0]!["count"]!.GetValue<int>();
        var reclaimed = workload["status"]!["reclaimablePods"]?[0]?["count"]?.GetValue<int>() ?? 0;
        return Math.Min(granted, count - reclaimed);
    }

    internal static bool Is(JsonObject item, string condition) =>
        item["status"]?["conditions"] is JsonArray conditions
        && conditions.Any(one => one!["type"]!.GetValue<string>() == condition && one["status"]!.GetValue<string>() == "True");

    private static string Owner(JsonObject item) => item["metadata"]!["ownerReferences"]?[0]?["name"]?.GetValue<string>() ?? "";
}
