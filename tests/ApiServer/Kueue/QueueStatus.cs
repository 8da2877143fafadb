using System.Text.Json.Nodes;
using Sandcastle.Testing.ApiServer.Objects;
using Sandcastle.Testing.ApiServer.Resources;

namespace Sandcastle.Testing.ApiServer.Kueue;

/// <summary>Keeps the status of ClusterQueues and LocalQueues: usage by flavor, counts of Workloads, and whether they are active.</summary>
internal sealed class QueueStatus(KueueState state, TimeProvider time)
{
    public void Update()
    {
        var workloads = state.All(KueueResources.Workloads).Where(one => !one.Is("Finished")).ToList();
        var clusterQueues = state.ByName(KueueResources.ClusterQueues);
        var localQueues = state.All(KueueResources.LocalQueues);
        var homes = localQueues.ToDictionary(one => one.FullName(), one => one.Text("spec.clusterQueue"));
        foreach (var queue in clusterQueues.Values)
        {
            var (reason, message) = state.Inactive(queue);
            var name = queue.Key().Name;
            var own = workloads.Where(one => one.HasQuotaReserved() ? one.Text("status.admission.clusterQueue") == name : homes.GetValueOrDefault(QueueOf(one)) == name).ToList();
            Write(KueueResources.ClusterQueues, queue, queue, own, reason.Length == 0, reason.Length == 0 ? "Ready" : reason, reason.Length == 0 ? "Can admit new workloads" : message);
        }

        foreach (var queue in localQueues)
        {
            var home = clusterQueues.GetValueOrDefault(queue.Text("spec.clusterQueue"));
            var (active, reason, message) = (queue, home) switch
            {
                _ when KueueState.IsStopped(queue) => (false, "Stopped", "LocalQueue is stopped"),
                (_, null) => (false, "ClusterQueueDoesNotExist", "Can't submit new workloads to clusterQueue"),
                _ when state.Inactive(home).Reason.Length > 0 => (false, "ClusterQueueIsInactive", "Can't submit new workloads to clusterQueue"),
                _ => (true, "Ready", "Can submit new workloads to localQueue"),
            };
            Write(KueueResources.LocalQueues, queue, home, [.. workloads.Where(one => QueueOf(one) == queue.FullName())], active, reason, message);
        }
    }

    private static string QueueOf(JsonObject workload) => $"{workload.Key().Namespace}/{workload.Text("spec.queueName")}";

    private void Write(GroupResource resource, JsonObject queue, JsonObject? clusterQueue, List<JsonObject> workloads, bool active, string reason, string message)
    {
        var holding = workloads.Where(one => one.HoldsQuota()).ToList();
        var admitted = holding.Where(one => one.Is("Admitted")).ToList();
        var isCluster = resource == KueueResources.ClusterQueues;
        state.UpdateStatus(resource, queue, present =>
        {
            present.SetCondition("Active", active, reason, message, time);
            var status = present.Child("status");
            (status["pendingWorkloads"], status["reservingWorkloads"], status["admittedWorkloads"]) =
                (workloads.Count(one => one.IsAdmissible()), holding.Count, admitted.Count);
            status["flavorsReservation"] = Usage(clusterQueue, holding, isCluster);
            status["flavorsUsage"] = Usage(clusterQueue, admitted, isCluster);
        });
    }

    private static JsonArray Usage(JsonObject? clusterQueue, IEnumerable<JsonObject> workloads, bool saysBorrowed)
    {
        var total = new Dictionary<FlavorResource, Quantity>();
        foreach (var (key, quantity) in workloads.SelectMany(QuotaUsage.Of))
        {
            total[key] = total.GetValueOrDefault(key) + quantity;
        }

        return [.. clusterQueue.Items("spec.resourceGroups").SelectMany(group => group.Items("flavors")).Select(flavor => new JsonObject
        {
            ["name"] = flavor.Text("name"),
            ["resources"] = new JsonArray([.. flavor.Items("resources").Select(resource => One(flavor.Text("name"), resource.Text("name"), total, saysBorrowed))]),
        })];
    }

    private static JsonObject One(string flavor, string resource, Dictionary<FlavorResource, Quantity> total, bool saysBorrowed)
    {
        var usage = new JsonObject { ["name"] = resource, ["total"] = total.GetValueOrDefault(new FlavorResource(flavor, resource)).Format(resource) };
        if (saysBorrowed)
        {
            usage["borrowed"] = "0";
        }

        return usage;
    }
}
