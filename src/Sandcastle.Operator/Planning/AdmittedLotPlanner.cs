using System.Text.Json.Nodes;
using Sandcastle.Operator.Cluster;
using Sandcastle.Operator.Kueue;
using Sandcastle.Operator.Pods;
using Sandcastle.Operator.Resources;

namespace Sandcastle.Operator.Planning;

/// <summary>A lot that has its quota: as many Pods as it is to keep, told to Kueue; what it is to release drains, and is handed back.</summary>
internal sealed class AdmittedLotPlanner(PoolObservation observation, PlanBuilder plan, TimeSpan grace)
{
    internal void Plan(LotView lot, Workload workload)
    {
        var living = lot.Living.ToList();
        var keep = lot.Keep;
        if (keep == 0 && living.Count == 0)
        {
            WorkloadEnd.Finish(plan, workload, Names.Succeeded, "All workers were handed back.");
            return;
        }

        if (keep > living.Count)
        {
            if (!CreatePods(lot, workload, keep - living.Count))
            {
                return;
            }
        }

        Drain(living, keep);
        var ready = PodsReady(lot, workload, keep);
        if (!Reclaim(plan, workload, Math.Max(keep, living.Count), ready))
        {
            Priorities.Update(observation, plan, lot, workload);
        }
    }

    internal static JsonObject DrainPatch(DateTimeOffset deadline, bool preempted)
    {
        var annotations = new JsonObject { [Labels.Drain] = Json.Text(deadline) };
        if (preempted)
        {
            annotations[Labels.DrainReason] = Labels.Preempted;
        }

        return new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = annotations } };
    }

    /// <summary>
    /// Hands back the quota of workers that are gone for good, and says <paramref name="conditions"/> in the same write. Kueue takes
    /// reclaimed Pods off what was asked for, so under partial admission it must pass what was never granted.
    /// </summary>
    /// <returns>Whether there was anything to write.</returns>
    internal static bool Reclaim(PlanBuilder plan, Workload workload, int left, IReadOnlyList<Condition> conditions)
    {
        var reclaimed = left < workload.Granted ? Math.Max(workload.Count - left, workload.Reclaimed) : workload.Reclaimed;
        var status = new JsonObject();
        if (reclaimed > workload.Reclaimed)
        {
            var others = workload.Status.ReclaimablePods.Where(pods => pods.Name != Names.PodSet);
            status["reclaimablePods"] = Json.Node(others.Append(new ReclaimablePods { Name = Names.PodSet, Count = reclaimed }).ToList());
        }

        if (conditions.Count > 0)
        {
            status["conditions"] = conditions.Nodes();
        }

        return status.Count > 0 && plan.Patch(ResourceKind.Workloads, workload, "status", new JsonObject { ["status"] = status });
    }

    /// <returns>False: the lot cannot be placed, and its Workload ends.</returns>
    private bool CreatePods(LotView lot, Workload workload, int count)
    {
        var placement = Placement.Of(lot.Lot.Spec, workload, observation.Flavors);
        if (placement.MissingFlavor is not null)
        {
            // Its watch will tell when the flavor is there.
            return true;
        }

        if (placement.Conflict is { } conflict)
        {
            if (lot.Living.Any())
            {
                return true;
            }

            WorkloadEnd.Finish(plan, workload, Names.FailedToStart, $"The workers cannot be placed: {conflict}.");
            plan.Tell(ResourceKind.Lots, lot.Lot, "CannotBePlaced", $"The workers cannot be placed: {conflict}.", isWarning: true);
            return false;
        }

        var taken = lot.Workers.Select(worker => worker.Pod.Metadata.Name).ToHashSet(StringComparer.Ordinal);
        for (var index = 0; count > 0; index++)
        {
            var name = Bodies.PodName(lot.Lot, index);
            if (taken.Add(name))
            {
                plan.Create(ResourceKind.Pods, Bodies.Pod(lot.Lot, workload, placement, name));
                count--;
            }
        }

        return true;
    }

    /// <summary>
    /// Tells surplus workers to drain, those first that end nothing, and ends those that have. A busy worker is never ended here. One on a
    /// cordoned node goes too, and is made anew elsewhere since the lot keeps its number.
    /// </summary>
    private void Drain(List<WorkerView> living, int keep)
    {
        var going = living.Where(worker => worker.Pod.IsDeleting() || worker.IsTold).ToList();
        var staying = living.Except(going).ToList();
        // One that was told for its node's sake will do for one that is released, and is then not made anew.
        var surplus = living.Count - keep - going.Count;
        var chosen = staying.Where(worker => worker.IsIdle)
            .OrderByDescending(worker => worker.IsOnCordonedNode)
            .ThenBy(worker => worker.Pod.IsReady)
            .ThenByDescending(worker => worker.Pod.Metadata.Name, StringComparer.Ordinal)
            .Take(Math.Max(0, surplus))
            .Concat(staying.Where(worker => worker.IsOnCordonedNode))
            .Distinct();
        foreach (var worker in chosen)
        {
            Tell(worker);
        }

        foreach (var worker in going.Where(worker => worker.IsTold && !worker.Pod.IsDeleting()))
        {
            if (worker.IsDrained(plan.Now, grace))
            {
                plan.Delete(ResourceKind.Pods, worker.Pod);
            }
            else if (worker.Deadline < plan.Now + TimeSpan.FromHours(1))
            {
                // Its work is longer than the time it was given: nobody waits for this place, so it may go on.
                Tell(worker);
            }
            else if (worker.Load is null)
            {
                plan.LookAgainAt(worker.Deadline!.Value - WorkerView.VoluntaryTime + grace);
            }
        }

        foreach (var worker in living.Where(worker => worker.Pod.IsDeleting() && !worker.IsTold && !worker.Pod.IsOver))
        {
            // Somebody deletes the Pod, as kubectl drain does: nothing new may go there.
            plan.Patch(ResourceKind.Pods, worker.Pod, null, DrainPatch(worker.Pod.Metadata.DeletionTimestamp!.Value, preempted: false));
        }
    }

    private void Tell(WorkerView worker) =>
        plan.Patch(ResourceKind.Pods, worker.Pod, null, DrainPatch(plan.Now + WorkerView.VoluntaryTime, preempted: false));

    /// <summary>The Workload's conditions with PodsReady as it is now; none when that would change nothing.</summary>
    private IReadOnlyList<Condition> PodsReady(LotView lot, Workload workload, int keep)
    {
        var before = workload.Condition(Names.PodsReady);
        var isReady = lot.Workers.Count(worker => worker.Pod.IsReady) >= keep;
        var (reason, message) = (isReady, before) switch
        {
            (true, { Reason: "WaitForRecovery" or "Recovered" }) => ("Recovered", "All workers are ready again"),
            (true, _) => ("Started", "All workers are ready"),
            (false, { Status: "True" } or { Reason: "WaitForRecovery" }) => ("WaitForRecovery", "A worker is lost, and another one is made"),
            _ => ("WaitForStart", "Not all workers are ready"),
        };
        return before is not null && before.IsTrue == isReady && before.Reason == reason
            ? []
            : workload.Status.Conditions.With(Conditions.Make(Names.PodsReady, isReady, reason, message, workload.Metadata.Generation), plan.Now);
    }
}
