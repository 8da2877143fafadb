using System.Text.Json.Nodes;
using Sandcastle.Testing.ApiServer.Objects;

namespace Sandcastle.Testing.ApiServer.Kueue;

/// <summary>What Kueue's controller does for each Workload besides scheduling: orphans, deactivation, requeueing, checks, stopped queues, pods that never get ready.</summary>
internal sealed class WorkloadLifecycle(KueueState state, TimeProvider time)
{
    private const int BackoffBaseSeconds = 60;
    private const int BackoffMostSeconds = 3600;

    /// <summary>The time that Kueue itself last wrote to a Workload, by uid: it applies on the server's side, and takes away no time that another wrote.</summary>
    private readonly Dictionary<string, string> _requeueAt = new(StringComparer.Ordinal);

    /// <summary>How long an admitted Workload may be without PodsReady=True before it is evicted.</summary>
    public TimeSpan PodsReadyTimeout { get; set; } = TimeSpan.FromMinutes(30);

    public void Reconcile()
    {
        foreach (var workload in state.All(KueueResources.Workloads))
        {
            One(workload);
        }
    }

    /// <summary>Sets Admitted as it follows from the reservation and the checks.</summary>
    public static bool SyncAdmitted(JsonObject workload, TimeProvider time)
    {
        if (workload.Condition("QuotaReserved") is null && workload.Condition("Admitted") is null)
        {
            return false;
        }

        if (!workload.HasQuotaReserved())
        {
            return workload.SetCondition("Admitted", false, "NoReservation", "The workload has no reservation", time);
        }

        return workload.Items("status.admissionChecks").All(check => check.Text("state") == "Ready")
            ? workload.SetCondition("Admitted", true, "Admitted", "The workload is admitted", time)
            : workload.SetCondition("Admitted", false, "UnsatisfiedAdmissionChecks", "The workload has not all checks ready", time);
    }

    private void One(JsonObject workload)
    {
        if (Orphaned(workload) || workload.Is("Finished"))
        {
            return;
        }

        if (workload.IsActive() && workload.Is("DeactivationTarget"))
        {
            state.Update(KueueResources.Workloads, workload, present => present.Put("spec.active", false));
            return;
        }

        var before = workload.DeepClone().AsObject();
        Steps(workload);
        if (!JsonNode.DeepEquals(before["status"], workload["status"]))
        {
            state.UpdateStatus(KueueResources.Workloads, workload, present => present["status"] = workload["status"]!.DeepClone());
        }
    }

    private void Steps(JsonObject workload)
    {
        // Nothing else happens to it until the time is over: not even an eviction.
        if (AwaitRetry(workload) || (workload.IsActive() && (RequeueAt(workload) > time.GetUtcNow() || EndBackoff(workload))))
        {
            return;
        }

        if (!workload.IsActive())
        {
            Deactivate(workload);
        }
        else
        {
            Requeue(workload);
        }

        var (queue, clusterQueue) = (state.LocalQueueOf(workload), state.ClusterQueueOf(workload));
        SyncChecks(workload, clusterQueue);
        EvictForChecks(workload);
        EvictForStop(workload, queue, "LocalQueue");
        EvictForStop(workload, clusterQueue, "ClusterQueue");
        if (!workload.Is("Admitted"))
        {
            if (!workload.HasQuotaReserved())
            {
                ExplainBlocked(workload, queue, clusterQueue);
            }

            SyncAdmitted(workload, time);
        }

        EvictForPods(workload);
    }

    // Nobody owns it: one that is being deleted is let go, one that a job once owned is finished first.
    private bool Orphaned(JsonObject workload)
    {
        var hadJob = workload.At("metadata.labels")?[WorkloadFields.JobUidLabel]?.ToString() is { Length: > 0 };
        if (workload.Owners().Any() || !(workload.IsDeleting() || hadJob))
        {
            return false;
        }

        if (!workload.IsDeleting() && !workload.Is("Finished"))
        {
            state.UpdateStatus(KueueResources.Workloads, workload, present =>
                present.SetCondition("Finished", true, "OwnerNotFound", "The workload's owner no longer exists", time));
        }

        if (workload.Finalizers().Contains(WorkloadFields.InUseFinalizer))
        {
            state.Update(KueueResources.Workloads, workload, present => present.Metadata()["finalizers"] =
                new JsonArray([.. present.Finalizers().Where(one => one != WorkloadFields.InUseFinalizer).Select(one => (JsonNode)one)]));
        }

        return true;
    }

    private void Deactivate(JsonObject workload)
    {
        if (!workload.Is("Evicted"))
        {
            var target = workload.Condition("DeactivationTarget");
            var message = target is null ? "The workload is deactivated" : $"The workload is deactivated due to {target.Text("message")}";
            WorkloadEviction.Evict(workload, "Deactivated", message, target.Text("reason"), time);
        }

        workload.Child("status").Remove("requeueState");
        if (workload.At("status.conditions") is JsonArray conditions)
        {
            conditions.RemoveAll(one => one.Text("type") == "DeactivationTarget");
        }
    }

    private void Requeue(JsonObject workload)
    {
        if (workload.Condition("Requeued") is not { } requeued || requeued.Text("status") != "False")
        {
            return;
        }

        switch (requeued.Text("reason"))
        {
            case "Deactivated":
                workload.SetCondition("Requeued", true, "Reactivated", "The workload was reactivated", time);
                break;
            case "PodsReadyTimeout" or "AdmissionCheck" when RequeueAt(workload) <= time.GetUtcNow():
                ClearRequeueAt(workload);
                workload.SetCondition("Requeued", true, "BackoffFinished", "The workload backoff was finished", time);
                break;
            case "LocalQueueStopped" when state.LocalQueueOf(workload) is { } queue && !KueueState.IsStopped(queue):
                workload.SetCondition("Requeued", true, "LocalQueueRestarted", "The LocalQueue was restarted after being stopped", time);
                break;
            case "ClusterQueueStopped" when state.ClusterQueueOf(workload) is { } queue && !KueueState.IsStopped(queue):
                workload.SetCondition("Requeued", true, "ClusterQueueRestarted", "The ClusterQueue was restarted after being stopped", time);
                break;
            default:
                break;
        }
    }

    // A check in Retry may ask for a pause. True: the time was written, and is waited for from the next look on.
    private bool AwaitRetry(JsonObject workload)
    {
        var until = workload.Items("status.admissionChecks").Where(one => one.Text("state") == "Retry" && one.Number("requeueAfterSeconds") is not null)
            .Select(one => one.Since().AddSeconds(one.Number("requeueAfterSeconds")!.Value)).DefaultIfEmpty(DateTimeOffset.MinValue).Max();
        if (until <= time.GetUtcNow() || RequeueAt(workload).AddSeconds(1) > until)
        {
            return false;
        }

        SetRequeueAt(workload, until);
        return true;
    }

    // What holds no quota is looked at no further in this step; true also where the time cannot be taken away, so that it stays so for ever.
    private bool EndBackoff(JsonObject workload)
    {
        if (RequeueAt(workload) == DateTimeOffset.MinValue || workload.HasQuotaReserved())
        {
            return false;
        }

        ClearRequeueAt(workload);
        return true;
    }

    private void SetRequeueAt(JsonObject workload, DateTimeOffset at) =>
        workload.Put("status.requeueState.requeueAt", _requeueAt[workload.Text("metadata.uid")] = at.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'"));

    private void ClearRequeueAt(JsonObject workload)
    {
        if (_requeueAt.GetValueOrDefault(workload.Text("metadata.uid")) == workload.Text("status.requeueState.requeueAt"))
        {
            (workload.At("status.requeueState") as JsonObject)?.Remove("requeueAt");
        }
    }

    /// <summary>Before when the Workload is not tried again; the earliest time when there is no such limit.</summary>
    public static DateTimeOffset RequeueAt(JsonObject workload) =>
        DateTimeOffset.TryParse(workload.Text("status.requeueState.requeueAt"), System.Globalization.CultureInfo.InvariantCulture, out var at) ? at : DateTimeOffset.MinValue;

    private void SyncChecks(JsonObject workload, JsonObject? clusterQueue)
    {
        if (clusterQueue is not null)
        {
            AdmissionCheckStates.Sync(workload, clusterQueue, time);
        }
    }

    private void EvictForChecks(JsonObject workload)
    {
        var checks = workload.Items("status.admissionChecks").ToList();
        var (rejected, retrying) = (checks.Where(one => one.Text("state") == "Rejected").ToList(), checks.Where(one => one.Text("state") == "Retry").ToList());
        if (workload.Is("Evicted") || (rejected.Count == 0 && retrying.Count == 0))
        {
            return;
        }

        if (rejected.Count > 0)
        {
            workload.SetCondition("DeactivationTarget", true, "AdmissionCheck", AdmissionCheckStates.Describe(rejected, "Rejected"), time);
        }
        else
        {
            WorkloadEviction.Evict(workload, "AdmissionCheck", $"Evicted due to {AdmissionCheckStates.Describe(retrying, "Retry")}", "", time);
        }
    }

    private void EvictForStop(JsonObject workload, JsonObject? queue, string kind)
    {
        if (queue.Text("spec.stopPolicy") == "HoldAndDrain" && workload.Is("Admitted") && !workload.Is("Evicted"))
        {
            WorkloadEviction.Evict(workload, $"{kind}Stopped", $"The {kind} is stopped", "", time);
        }
    }

    private void EvictForPods(JsonObject workload)
    {
        if (!workload.Is("Admitted") || workload.Is("Evicted") || !workload.IsActive() || workload.Is("PodsReady"))
        {
            return;
        }

        var (admitted, ready) = (workload.Condition("Admitted").Since(), workload.Condition("PodsReady").Since());
        if (time.GetUtcNow() - (ready > admitted ? ready : admitted) >= PodsReadyTimeout)
        {
            var count = (workload.Number("status.requeueState.count") ?? 0) + 1;
            var backoff = Math.Min(BackoffMostSeconds, BackoffBaseSeconds * Math.Pow(2, count - 1));
            workload.Put("status.requeueState.count", count);
            SetRequeueAt(workload, time.GetUtcNow().AddSeconds(backoff));
            WorkloadEviction.Evict(workload, "PodsReadyTimeout", $"Exceeded the PodsReady timeout {workload.FullName()}", "", time);
        }
    }

    private void ExplainBlocked(JsonObject workload, JsonObject? queue, JsonObject? clusterQueue)
    {
        var name = workload.Text("spec.queueName");
        var (reason, message) = (workload, queue, clusterQueue) switch
        {
            _ when !workload.IsActive() => ("Deactivated", "The workload is deactivated"),
            (_, null, _) => ("Misconfigured", $"LocalQueue {name} doesn't exist"),
            _ when KueueState.IsStopped(queue) => ("Suspended", $"LocalQueue {name} is inactive"),
            (_, _, null) => ("Misconfigured", $"ClusterQueue {queue.Text("spec.clusterQueue")} doesn't exist"),
            _ when state.Inactive(clusterQueue).Reason.Length > 0 => ("Suspended", $"ClusterQueue {clusterQueue.Key().Name} is inactive"),
            _ when !state.Selects(clusterQueue, workload.Key().Namespace) => ("Misconfigured", "workload namespace doesn't match ClusterQueue selector"),
            _ => ("", ""),
        };
        var present = workload.Condition("QuotaReserved");
        if (present.Text("reason") == "OnHold")
        {
            return;
        }

        if (reason.Length > 0)
        {
            workload.SetCondition("QuotaReserved", false, reason, message, time);
        }
        else if (present.Text("reason") is "Deactivated" or "Misconfigured" or "Suspended")
        {
            workload.SetCondition("QuotaReserved", false, "PendingEvaluation", "Workload is pending evaluation in the scheduling queue", time);
        }
    }
}
