using System.Text.Json.Nodes;
using Sandcastle.Operator.Cluster;
using Sandcastle.Operator.Kueue;

namespace Sandcastle.Operator.Planning;

/// <summary>
/// What to do about one lot: the protocol with Kueue. Kueue says whether the lot may run; here its Pods are made, emptied and ended, its
/// quota handed back, and its Workload ended. Everything is decided on what is there now, so that it can be cut off anywhere.
/// </summary>
internal sealed class LotPlanner(PoolObservation observation, PlanBuilder plan)
{
    /// <summary>For Pods whose quota is gone already, or whose time is over: long enough to write receipts, and no longer.</summary>
    internal const int StopGraceSeconds = 5;

    /// <summary>How long a lot that failed for good is kept for people to read, and holds its place in the pool.</summary>
    internal static readonly TimeSpan FailedTime = TimeSpan.FromMinutes(5);

    private readonly TimeSpan _grace = observation.Pool?.Spec.Scaling.DrainGrace.Time ?? TimeSpan.Zero;

    internal void Plan(LotView lot)
    {
        RemoveOver(lot);
        if (lot.Workload is not { } workload)
        {
            PlanUnasked(lot);
        }
        else if (workload.IsDeleting() || lot.Lot.IsDeleting())
        {
            Leave(lot, workload);
        }
        else if (workload.IsFinished)
        {
            PlanFinished(lot, workload);
        }
        else if (!workload.IsActive)
        {
            Stop(lot, () => Release(workload, requeue: false));
        }
        else if (workload.IsEvicted && workload.IsReserved)
        {
            PlanEvicted(lot, workload);
        }
        else if (!workload.IsAdmitted)
        {
            PlanWaiting(lot, workload);
        }
        else
        {
            new AdmittedLotPlanner(observation, plan, _grace).Plan(lot, workload);
        }
    }

    /// <summary>What is over needs no object: its place is free, and its name is not used again while it is there.</summary>
    private void RemoveOver(LotView lot)
    {
        foreach (var worker in lot.Workers.Where(worker => worker.Pod.IsOver && !worker.Pod.IsDeleting()))
        {
            plan.Delete(ResourceKind.Pods, worker.Pod, graceSeconds: 0);
        }
    }

    private void PlanUnasked(LotView lot)
    {
        if (lot.Lot.IsDeleting())
        {
            Stop(lot, () => { });
            return;
        }

        if (lot.Keep == 0)
        {
            Stop(lot, () => plan.Delete(ResourceKind.Lots, lot.Lot));
            return;
        }

        // Pods without a Workload hold no quota: somebody has taken it away.
        Stop(lot, () =>
        {
            if (Priorities.Resolve(observation, Priorities.ClassFor(observation, lot), out var reference, out var value))
            {
                plan.Create(ResourceKind.Workloads, Bodies.Workload(lot.Lot, reference, value));
            }
        });
    }

    /// <summary>Somebody deletes the lot or its Workload: the quota is wanted now, and is held until the finalizer goes.</summary>
    private void Leave(LotView lot, Workload workload) => Stop(lot, () => WorkloadEnd.Leave(plan, workload));

    private void PlanFinished(LotView lot, Workload workload) => Stop(lot, () =>
    {
        if (workload.Metadata.Finalizers.Contains(Names.Finalizer))
        {
            WorkloadEnd.RemoveFinalizer(plan, workload);
            return;
        }

        var over = workload.Condition(Names.Finished)!.LastTransitionTime + FailedTime;
        if (!lot.IsFailed || plan.Now >= over)
        {
            plan.Delete(ResourceKind.Lots, lot.Lot);
        }
        else
        {
            plan.LookAgainAt(over);
        }
    });

    /// <summary>
    /// Idle workers go at once and their quota with them; busy ones have the pool's grace. Kueue sets no deadline: the quota is ours until
    /// the one patch that gives it back.
    /// </summary>
    private void PlanEvicted(LotView lot, Workload workload)
    {
        var evicted = workload.Condition(Names.Evicted)!;
        var deadline = evicted.LastTransitionTime + _grace;
        var left = 0;
        foreach (var worker in lot.Living)
        {
            left++;
            if (!worker.Pod.IsDeleting())
            {
                Drain(worker, deadline, evicted.Reason is Names.Preempted);
            }
        }

        if (left == 0)
        {
            Release(workload, requeue: evicted.Reason is Names.Preempted or Names.NodeFailures);
            return;
        }

        if (workload.IsAdmitted)
        {
            AdmittedLotPlanner.Reclaim(plan, workload, left, []);
        }
    }

    private void Drain(WorkerView worker, DateTimeOffset deadline, bool preempted)
    {
        if (plan.Now >= deadline)
        {
            plan.Delete(ResourceKind.Pods, worker.Pod, StopGraceSeconds);
            return;
        }

        if (worker.Deadline is not { } told || told > deadline)
        {
            plan.Patch(ResourceKind.Pods, worker.Pod, null, AdmittedLotPlanner.DrainPatch(deadline, preempted));
        }
        else if (worker.IsDrained(plan.Now, _grace))
        {
            plan.Delete(ResourceKind.Pods, worker.Pod);
            return;
        }

        plan.LookAgainAt(deadline);
    }

    /// <summary>Not admitted: waits for quota or for checks, is parked, or has lost what it had.</summary>
    private void PlanWaiting(LotView lot, Workload workload) => Stop(lot, () =>
    {
        if (lot.Keep == 0 && !workload.IsReserved)
        {
            WorkloadEnd.Finish(plan, workload, Names.Succeeded, "The lot is not wanted any more.");
        }
        else if (lot.Keep > 0 && !workload.IsOnHold)
        {
            Priorities.Update(observation, plan, lot, workload);
        }
    });

    /// <summary>Ends every Pod soon; when the last is gone, <paramref name="then"/>.</summary>
    private void Stop(LotView lot, Action then)
    {
        var left = false;
        foreach (var worker in lot.Living)
        {
            left = true;
            if (!worker.Pod.IsDeleting())
            {
                plan.Delete(ResourceKind.Pods, worker.Pod, StopGraceSeconds);
            }
        }

        if (!left)
        {
            then();
        }
    }

    /// <summary>The one patch that gives the quota back. Requeued=False with Kueue's own reason lets Kueue decide when the lot may try again.</summary>
    private void Release(Workload workload, bool requeue)
    {
        if (!workload.IsReserved)
        {
            return;
        }

        var evicted = workload.Condition(Names.Evicted);
        var reason = evicted is { IsTrue: true } ? evicted.Reason : "Deactivated";
        var message = evicted is { IsTrue: true } ? evicted.Message : "The workload is deactivated";
        var generation = workload.Metadata.Generation;
        var conditions = workload.Status.Conditions
            .With(Conditions.Make(Names.QuotaReserved, false, "Pending", message, generation), plan.Now)
            .With(Conditions.Make(Names.Admitted, false, "NoReservation", "The workload has no reservation", generation), plan.Now)
            .With(Conditions.Make(Names.Requeued, requeue, reason, message, generation), plan.Now)
            .With(Conditions.Make(Names.PodsReady, false, "WaitForStart", "No worker is there", generation), plan.Now);
        plan.Patch(ResourceKind.Workloads, workload, "status", new JsonObject
        {
            ["status"] = new JsonObject { ["admission"] = null, ["reclaimablePods"] = null, ["conditions"] = conditions.Nodes() },
        });
    }
}
