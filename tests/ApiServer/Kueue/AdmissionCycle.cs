using System.Text.Json.Nodes;
using Sandcastle.Testing.ApiServer.Objects;

namespace Sandcastle.Testing.ApiServer.Kueue;

/// <summary>Goes through every queue once and admits what fits, in the order of priority, then age.</summary>
/// <remarks>
/// Kueue takes one head of each queue per cycle; here one cycle takes as many as would be admitted by cycles in a row, and stops a queue
/// at a Workload that waits for those it preempts. Workloads created in the same second go by name, where Kueue goes by UID.
/// </remarks>
internal sealed class AdmissionCycle(KueueState state, TimeProvider time)
{
    private enum Outcome
    {
        Admitted,
        NoFit,
        AwaitsPreemption,
    }

    /// <summary>False: every wait for quota has the reason <c>Pending</c>, as before Kueue 0.19 or with UnadmittedWorkloadsObservability off.</summary>
    public bool GranularReasons { get; set; } = true;

    public void Run()
    {
        var workloads = state.All(KueueResources.Workloads);
        foreach (var clusterQueue in state.All(KueueResources.ClusterQueues).Where(one => state.Inactive(one).Reason.Length == 0))
        {
            Queue(clusterQueue, workloads);
        }
    }

    private void Queue(JsonObject clusterQueue, IReadOnlyList<JsonObject> workloads)
    {
        var name = clusterQueue.Key().Name;
        var holders = workloads.Where(one => one.HoldsQuota() && one.Text("status.admission.clusterQueue") == name).ToList();
        var quota = new ClusterQueueQuota(clusterQueue, holders);
        foreach (var workload in workloads.Where(one => Stands(one, clusterQueue)).OrderByDescending(one => one.Priority()).ThenBy(QueuedSince).ThenBy(one => one.FullName()))
        {
            var outcome = Try(workload, clusterQueue, quota, holders);
            if (outcome == Outcome.AwaitsPreemption || (outcome == Outcome.NoFit && clusterQueue.Text("spec.queueingStrategy") == "StrictFIFO"))
            {
                return;
            }
        }
    }

    private bool Stands(JsonObject workload, JsonObject clusterQueue) =>
        workload.IsAdmissible()
        && workload.Condition("Requeued").Text("status") != "False"
        && !(workload.Is("Evicted") && WorkloadLifecycle.RequeueAt(workload) > time.GetUtcNow())
        && state.LocalQueueOf(workload) is { } queue && !KueueState.IsStopped(queue) && queue.Text("spec.clusterQueue") == clusterQueue.Key().Name
        && state.Selects(clusterQueue, workload.Key().Namespace);

    private static DateTimeOffset QueuedSince(JsonObject workload) =>
        workload.Condition("Evicted") is { } evicted && evicted.Text("status") == "True" && evicted.Text("reason") is "PodsReadyTimeout" or "AdmissionCheck"
            ? evicted.Since()
            : DateTimeOffset.Parse(workload.Text("metadata.creationTimestamp"), System.Globalization.CultureInfo.InvariantCulture);

    private Outcome Try(JsonObject workload, JsonObject clusterQueue, ClusterQueueQuota quota, List<JsonObject> holders)
    {
        var replaced = workload.Replaces() is { Length: > 0 } name ? holders.Find(one => one.FullName() == name) : null;
        var assigner = new FlavorAssigner(quota, state.ByName(KueueResources.ResourceFlavors), replaced);
        var whole = assigner.Assign(workload, PodSetRequest.Of(workload));
        if (Fitting(workload, assigner, whole) is { } choice)
        {
            Admit(workload, clusterQueue, choice, quota, holders, replaced);
            return Outcome.Admitted;
        }

        var targets = whole.CouldFit
            ? PreemptionTargets.Find(workload, whole.Usage, quota, holders.Where(one => one != replaced), clusterQueue.Text("spec.preemption.withinClusterQueue"))
            : [];
        if (targets.Count == 0)
        {
            Explain(workload, whole, whole.Reason, whole.Message);
            return Outcome.NoFit;
        }

        foreach (var target in targets.Where(one => !one.Is("Evicted")))
        {
            Preempt(target, workload, clusterQueue.Key().Name);
        }

        Explain(workload, whole, "WaitingForPreemptedWorkloads", $"{whole.Message}. Pending the preemption of {targets.Count} workload(s)");
        return Outcome.AwaitsPreemption;
    }

    // A pod set that says a minCount takes less when it cannot have all.
    private static FlavorChoice? Fitting(JsonObject workload, FlavorAssigner assigner, FlavorChoice whole)
    {
        if (whole.Fits)
        {
            return whole;
        }

        var variable = workload.PodSets().FirstOrDefault(one => one.Number("minCount") is not null);
        for (var count = variable.Number("count") - 1; variable is not null && count >= variable.Number("minCount"); count--)
        {
            var reduced = whole.PodSets.Select(one => one.Name == variable.Text("name") ? one with { Count = count.Value } : one).ToList();
            if (assigner.Assign(workload, reduced) is { Fits: true } choice)
            {
                return choice;
            }
        }

        return null;
    }

    private void Admit(JsonObject workload, JsonObject clusterQueue, FlavorChoice choice, ClusterQueueQuota quota, List<JsonObject> holders, JsonObject? replaced)
    {
        var name = clusterQueue.Key().Name;
        state.UpdateStatus(KueueResources.Workloads, workload, present =>
        {
            present.Put("status.admission", choice.ToAdmission(name));
            present.Child("status").Remove("resourceRequests");
            present.SetCondition("QuotaReserved", true, "QuotaReserved", $"Quota reserved in ClusterQueue {name}", time);
            foreach (var type in new[] { "Evicted", "Preempted" }.Where(present.Is))
            {
                present.SetCondition(type, false, "QuotaReserved", $"Previously: {present.Condition(type).Text("message")}", time);
            }

            AdmissionCheckStates.Sync(present, clusterQueue, time);
            WorkloadLifecycle.SyncAdmitted(present, time);
        });
        if (replaced is not null)
        {
            var uids = $"(UID: {workload.Text("metadata.uid")}, JobUID: {workload.At("metadata.labels")?[WorkloadFields.JobUidLabel]})";
            state.UpdateStatus(KueueResources.Workloads, replaced, present => present.SetCondition(
                "Finished", true, "WorkloadSliceReplaced", $"Replaced to accommodate a workload {uids} due to workload slice aggregation", time));
            quota.Remove(QuotaUsage.Of(replaced));
            holders.Remove(replaced);
        }

        var admitted = state.Find(KueueResources.Workloads, workload.Key().Namespace, workload.Key().Name)!;
        quota.Add(QuotaUsage.Of(admitted));
        holders.Add(admitted);
    }

    private void Preempt(JsonObject target, JsonObject preemptor, string clusterQueue)
    {
        var job = preemptor.At("metadata.labels")?[WorkloadFields.JobUidLabel]?.ToString() ?? "UNKNOWN";
        var message = $"Preempted to accommodate a workload (UID: {preemptor.Text("metadata.uid")}, JobUID: {job}) due to prioritization in the ClusterQueue; "
            + $"preemptor path: /{clusterQueue}; preemptee path: /{clusterQueue}";
        state.UpdateStatus(KueueResources.Workloads, target, present =>
        {
            present.SetCondition("Preempted", true, "InClusterQueue", message, time);
            WorkloadEviction.Evict(present, "Preempted", message, "", time);
        });
    }

    private void Explain(JsonObject workload, FlavorChoice choice, string reason, string message) => state.UpdateStatus(KueueResources.Workloads, workload, present =>
    {
        present.SetCondition("QuotaReserved", false, GranularReasons ? reason : "Pending", message, time);
        WorkloadLifecycle.SyncAdmitted(present, time);
        present.Put("status.resourceRequests", new JsonArray([.. choice.PodSets.Select(podSet => new JsonObject
        {
            ["name"] = podSet.Name,
            ["resources"] = new JsonObject(podSet.PerPod.Keys.Select(resource => KeyValuePair.Create<string, JsonNode?>(resource, podSet.Total(resource).Format(resource)))),
        })]));
    });
}
