using System.Text.Json.Nodes;
using Sandcastle.Testing.ApiServer.Objects;

namespace Sandcastle.Testing.ApiServer.Kueue;

/// <summary>Marks a Workload as evicted. Its admission, and with it its quota, stays until its owner takes it away.</summary>
internal static class WorkloadEviction
{
    /// <param name="workload">Changed in place.</param>
    /// <param name="reason">Such as <c>Preempted</c>.</param>
    /// <param name="message">For people.</param>
    /// <param name="cause">What led to a deactivation; empty for nothing.</param>
    /// <param name="time">The clock.</param>
    public static void Evict(JsonObject workload, string reason, string message, string cause, TimeProvider time)
    {
        workload.SetCondition("Evicted", true, cause.Length == 0 ? reason : $"{reason}DueTo{cause}", message, time);
        workload.Child("status").Remove("clusterName");
        workload.Child("status").Remove("nominatedClusterNames");
        foreach (var check in workload.Items("status.admissionChecks").Where(one => one.Text("state") != "Pending"))
        {
            ResetCheck(check, time);
        }

        Count(workload, reason, cause);
    }

    private static void ResetCheck(JsonObject check, TimeProvider time)
    {
        var before = check.Text("state");
        if (before == "Retry")
        {
            check["retryCount"] = (check.Number("retryCount") ?? 0) + 1;
        }
        else
        {
            check.Remove("retryCount");
        }

        check.Remove("podSetUpdates");
        (check["state"], check["message"], check["lastTransitionTime"]) = ("Pending", $"Reset to Pending after eviction. Previously: {before}", time.Timestamp());
    }

    private static void Count(JsonObject workload, string reason, string cause)
    {
        var stats = workload.Child("status").Child("schedulingStats");
        if (stats["evictions"] is not JsonArray evictions)
        {
            evictions = [];
            stats["evictions"] = evictions;
        }

        var entry = evictions.OfType<JsonObject>().FirstOrDefault(one => one.Text("reason") == reason && one.Text("underlyingCause") == cause);
        if (entry is null)
        {
            entry = new JsonObject { ["reason"] = reason, ["underlyingCause"] = cause, ["count"] = 0 };
            evictions.Add(entry);
        }

        entry["count"] = entry.Number("count") + 1;
    }
}
