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
            Release(workload, verdict);
            return;
        }

        if (!workload.IsActive)
        {
            TakeBackPause(workload, verdict);
            return;
        }

        var status = new JsonObject();
        if (lease.IsAdmitted && workload.Condition(Names.PodsReady) is not { IsTrue: true })
        {
            status["conditions"] = workload.Status.Conditions
                .With(Conditions.Make(Names.PodsReady, true, "Started", "The lease is in force", workload.Metadata.Generation), plan.Now).Nodes();
        }

        if (Checks(workload, check => State(lease, check, verdict), verdict) is { } checks)
        {
            status["admissionChecks"] = checks;
        }

        if (status.Count > 0)
        {
            plan.Patch(ResourceKind.Workloads, workload, "status", new JsonObject { ["status"] = status });
        }
    }

    /// <summary>Kueue takes the time of a retry from what is deactivated, and reads it from the check again: it would go on so for ever.</summary>
    private void TakeBackPause(Workload workload, LedgerVerdict verdict)
    {
        if (Checks(workload, check => check.State == Names.CheckRetry ? Names.CheckPending : check.State, verdict) is { } checks)
        {
            plan.Patch(ResourceKind.Workloads, workload, "status", new JsonObject { ["status"] = new JsonObject { ["admissionChecks"] = checks } });
        }
    }

    /// <summary>A list is replaced whole, so that other controllers' entries are written back as they were read.</summary>
    /// <param name="workload">Whose checks.</param>
    /// <param name="wanted">The state that an entry of the ledger's is to have.</param>
    /// <param name="verdict">Why.</param>
    /// <param name="after">For Retry: the pause that Kueue is to keep; null for none.</param>
    /// <returns>Null where every entry of the ledger's has its state already.</returns>
    private JsonArray? Checks(Workload workload, Func<AdmissionCheckState, string> wanted, LedgerVerdict verdict, int? after = null)
    {
        var checks = workload.Status.AdmissionChecks;
        if (!checks.Any(check => IsOurs(check) && check.State != wanted(check)))
        {
            return null;
        }

        return [.. checks.Select(check => Node(!IsOurs(check) || check.State == wanted(check) ? check : check with
        {
            State = wanted(check),
            Message = verdict.Message,
            LastTransitionTime = plan.Now,
            RequeueAfterSeconds = after,
        }))];
    }

    private bool IsOurs(AdmissionCheckState check) => observation.LedgerChecks.Contains(check.Name);

    /// <summary>
    /// Ready is said before quota is reserved, so that a slice is admitted in the very write that replaces the last one. Retry is said of what
    /// holds quota, and without a pause: with one, Kueue would evict only when the pause is over. What has let go keeps the Retry that it was given then.
    /// </summary>
    private static string State(LeaseView lease, AdmissionCheckState check, LedgerVerdict verdict) =>
        verdict.State == Names.CheckRetry && !lease.IsHeld && check.State != Names.CheckRetry ? Names.CheckPending : verdict.State;

    private static JsonObject Node(AdmissionCheckState check)
    {
        var node = Json.Node(check).AsObject();
        if (check.PodSetUpdates.Count == 0)
        {
            node.Remove("podSetUpdates");
        }

        return node;
    }

    private void Release(Workload workload, LedgerVerdict verdict)
    {
        var evicted = workload.Condition(Names.Evicted);
        var (reason, message) = evicted is { IsTrue: true } ? (evicted.Reason, evicted.Message) : ("Deactivated", "The workload is deactivated");
        var generation = workload.Metadata.Generation;

        // Where nothing is held any more, a Retry with a pause evicts nothing: Kueue keeps the time itself, and takes the lease up again after it.
        var pause = workload.IsActive && verdict.State == Names.CheckRetry ? Checks(workload, _ => Names.CheckRetry, verdict, verdict.After) : null;

        // Requeued=False with Kueue's own reason lets Kueue decide when it may try again.
        var (again, why) = pause is null ? (reason is Names.Preempted or Names.NodeFailures, reason) : (false, Names.AdmissionCheck);
        var conditions = workload.Status.Conditions
            .With(Conditions.Make(Names.QuotaReserved, false, "Pending", message, generation), plan.Now)
            .With(Conditions.Make(Names.Admitted, false, "NoReservation", "The workload has no reservation", generation), plan.Now)
            .With(Conditions.Make(Names.Requeued, again, why, message, generation), plan.Now)
            .With(Conditions.Make(Names.PodsReady, false, "WaitForStart", "The lease is not in force", generation), plan.Now);
        var status = new JsonObject { ["admission"] = null, ["reclaimablePods"] = null, ["conditions"] = conditions.Nodes() };
        if (pause is not null)
        {
            status["admissionChecks"] = pause;
        }

        plan.Patch(ResourceKind.Workloads, workload, "status", new JsonObject { ["status"] = status });
    }
}
