using System.Text.Json.Nodes;
using Sandcastle.Testing.ApiServer.Objects;

namespace Sandcastle.Testing.ApiServer.Kueue;

/// <summary>Reads a Workload as Kueue does.</summary>
public static class WorkloadFields
{
    public const string JobUidLabel = "kueue.x-k8s.io/job-uid";
    public const string InUseFinalizer = "kueue.x-k8s.io/resource-in-use";
    public const string ElasticAnnotation = "kueue.x-k8s.io/elastic-job";
    public const string ReplacementAnnotation = "kueue.x-k8s.io/workload-slice-replacement-for";

    public static JsonObject? Condition(this JsonObject workload, string type) =>
        workload.Items("status.conditions").FirstOrDefault(one => one.Text("type") == type);

    public static bool Is(this JsonObject workload, string type) => workload.Condition(type).Text("status") == "True";

    public static bool HasQuotaReserved(this JsonObject workload) => workload.Is("QuotaReserved");

    public static bool IsActive(this JsonObject workload) => workload.At("spec.active") is null || workload.Flag("spec.active");

    /// <summary>Counts against quota: reserved, not finished, active.</summary>
    public static bool HoldsQuota(this JsonObject workload) =>
        workload.HasQuotaReserved() && workload.At("status.admission") is JsonObject && !workload.Is("Finished") && workload.IsActive();

    /// <summary>Stands in the queue.</summary>
    public static bool IsAdmissible(this JsonObject workload) =>
        !workload.Is("Finished") && workload.IsActive() && !workload.HasQuotaReserved() && workload.Condition("QuotaReserved").Text("reason") != "OnHold"
        && !workload.IsDeleting();

    public static long Priority(this JsonObject workload) => workload.Number("spec.priority") ?? 0;

    public static bool IsElastic(this JsonObject workload) => workload.At("metadata.annotations")?[ElasticAnnotation]?.ToString() == "true";

    /// <summary>The Workload that this one replaces, as <c>namespace/name</c>; empty for none.</summary>
    public static string Replaces(this JsonObject workload) => workload.At("metadata.annotations")?[ReplacementAnnotation]?.ToString() ?? "";

    public static string FullName(this JsonObject workload) => workload.Key().ToString();

    public static IReadOnlyList<JsonObject> PodSets(this JsonObject workload) => [.. workload.Items("spec.podSets")];

    public static long Reclaimed(this JsonObject workload, string podSet) =>
        workload.Items("status.reclaimablePods").FirstOrDefault(one => one.Text("name") == podSet).Number("count") ?? 0;

    /// <summary>Since when a condition has its status; the earliest time when it is not there.</summary>
    public static DateTimeOffset Since(this JsonObject? condition) =>
        DateTimeOffset.TryParse(condition.Text("lastTransitionTime"), System.Globalization.CultureInfo.InvariantCulture, out var at) ? at : DateTimeOffset.MinValue;

    /// <summary>Sets a condition as apimachinery does: the time moves only with the status.</summary>
    /// <returns>Whether anything changed.</returns>
    public static bool SetCondition(this JsonObject value, string type, bool isTrue, string reason, string message, TimeProvider time)
    {
        var status = isTrue ? "True" : "False";
        if (value.Child("status")["conditions"] is not JsonArray conditions)
        {
            conditions = [];
            value.Child("status")["conditions"] = conditions;
        }

        var present = conditions.OfType<JsonObject>().FirstOrDefault(one => one.Text("type") == type);
        var generation = value.Number("metadata.generation") ?? 0;
        if (present is null)
        {
            present = new JsonObject { ["type"] = type };
            conditions.Add(present);
        }
        else if (present.Text("status") == status && present.Text("reason") == reason && present.Text("message") == message && present.Number("observedGeneration") == generation)
        {
            return false;
        }

        if (present.Text("status") != status)
        {
            present["lastTransitionTime"] = time.Timestamp();
        }

        (present["status"], present["reason"], present["message"], present["observedGeneration"]) = (status, reason, message, generation);
        return true;
    }
}
