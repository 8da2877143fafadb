using System.Text.Json.Nodes;
using Sandcastle.Operator.Cluster;
using Sandcastle.Operator.Kueue;

namespace Sandcastle.Operator.Planning;

/// <summary>How a Workload ends: Kueue leaves the finalizer of one with an owner to the owner's controller.</summary>
internal static class WorkloadEnd
{
    /// <summary>Only when no Pod is left: from this write on the quota is somebody else's.</summary>
    internal static void Finish(PlanBuilder plan, Workload workload, string reason, string message) =>
        plan.Patch(ResourceKind.Workloads, workload, "status", new JsonObject
        {
            ["status"] = new JsonObject
            {
                ["conditions"] = workload.Status.Conditions
                    .With(Conditions.Make(Names.Finished, true, reason, message, workload.Metadata.Generation), plan.Now).Nodes(),
            },
        });

    internal static void RemoveFinalizer(PlanBuilder plan, Workload workload) =>
        plan.Patch(ResourceKind.Workloads, workload, null, new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["finalizers"] = new JsonArray([.. workload.Metadata.Finalizers.Where(name => name != Names.Finalizer).Select(name => JsonValue.Create(name))]),
            },
        });

    /// <summary>Whoever deletes it, nothing of ours holds it back, and nothing else deletes what has lost its owner.</summary>
    internal static void Leave(PlanBuilder plan, Workload workload)
    {
        if (workload.Metadata.Finalizers.Contains(Names.Finalizer))
        {
            RemoveFinalizer(plan, workload);
        }
        else if (!workload.IsDeleting())
        {
            plan.Delete(ResourceKind.Workloads, workload);
        }
    }
}
