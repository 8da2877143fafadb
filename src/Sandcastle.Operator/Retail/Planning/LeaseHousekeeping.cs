using System.Text.Json.Nodes;
using Sandcastle.Operator.Cluster;
using Sandcastle.Operator.Kueue;
using Sandcastle.Operator.Planning;
using Sandcastle.Operator.Resources;

namespace Sandcastle.Operator.Retail.Planning;

/// <summary>
/// What is to be said of each Workload of a lease, whatever its size: the ledger's word, that it is ready when it is admitted (there is
/// nothing to wait for), and after an eviction, in one patch, that it lets go of its quota. Nothing is drained: what runs goes on, and the
/// managers start nothing new beyond what is left.
/// </summary>
internal sealed class LeaseHousekeeping(TenantObservation observation, PlanBuilder plan)
{
    internal const string RejectedReason = "DeactivatedDueToAdmissionCheck";

    internal void Plan(LeaseView lease, LedgerVerdict verdict)
    {
        var workload = lease.Workload;
        if (workload.IsReserved && (workload.IsEvicted || !workload.IsActive))
        {
            Release(workload);
            return;
        }

        if (!workload.IsActive || workload.IsEvicted && workload.Status.AdmissionChecks.Any(check => check.State is Names.CheckRetry))
        {
            return;
        }

        var status = new JsonObject();
        if (lease.IsAdmitted && workload.Condition(Names.PodsReady) is not { IsTrue: true })
        {
            status["conditions"] = workload.Status.Conditions
                .With(Conditions.Make(Names.PodsReady, true, "Started", "The lease is in force", workload.Metadata.Generation), plan.Now).Nodes();
        }

        if (Checks(lease, verdict) is { } checks)
        {
            status["admissionChecks"] = checks;
        }

        if (status.Count > 0)
        {
            plan.Patch(ResourceKind.Workloads, workload, "status", new JsonObject { ["status"] = status });
        }
    }

    /// <summary>A list is replaced whole, so that other controllers' entries are written back as they were read.</summary>
    private JsonArray? Checks(LeaseView lease, LedgerVerdict verdict)
    {
        var checks = lease.Workload.Status.AdmissionChecks;
        var wanted = State(lease, verdict);
        if (!checks.Any(check => observation.LedgerChecks.Contains(check.Name) && check.State != wanted))
        {
            return null;
        }

        return [.. checks.Select(check => Node(!observation.LedgerChecks.Contains(check.Name) || check.State == wanted ? check : check with
        {
            State = wanted,
            Message = verdict.Message,
            LastTransitionTime = plan.Now,
            RequeueAfterSeconds = wanted == Names.CheckRetry ? verdict.After : null,
        }))];
    }

    /// <summary>
    /// Ready is said before quota is reserved, so that a slice is admitted in the very write that replaces the last one. Retry is not: it
    /// evicts, and what has nothing loses nothing.
    /// </summary>
    private static string State(LeaseView lease, LedgerVerdict verdict) =>
        verdict.State == Names.CheckRetry && !lease.IsHeld ? Names.CheckPending : verdict.State;

    private static JsonObject Node(AdmissionCheckState check)
    {
        var node = Json.Node(check).AsObject();
        if (check.PodSetUpdates.Count == 0)
        {
            node.Remove("podSetUpdates");
        }

        return node;
    }

    private void Release(Workload workload)
    {
        var evicted = workload.Condition(Names.Evicted);
        var (reason, message) = evicted is { IsTrue: true } ? (evicted.Reason, evicted.Message) : ("Deactivated", "The workload is deactivated");
        var generation = workload.Metadata.Generation;

        // Requeued=False with Kueue's own reason lets Kueue decide when it may try again: after the time that the ledger named, for one.
        var conditions = workload.Status.Conditions
            .With(Conditions.Make(Names.QuotaReserved, false, "Pending", message, generation), plan.Now)
            .With(Conditions.Make(Names.Admitted, false, "NoReservation", "The workload has no reservation", generation), plan.Now)
            .With(Conditions.Make(Names.Requeued, reason is Names.Preempted or Names.NodeFailures, reason, message, generation), plan.Now)
            .With(Conditions.Make(Names.PodsReady, false, "WaitForStart", "The lease is not in force", generation), plan.Now);
        plan.Patch(ResourceKind.Workloads, workload, "status", new JsonObject
        {
            ["status"] = new JsonObject { ["admission"] = null, ["reclaimablePods"] = null, ["conditions"] = conditions.Nodes() },
        });
    }
}
