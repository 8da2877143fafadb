using Sandcastle.Operator.Cluster;
using Sandcastle.Operator.Kueue;
using Sandcastle.Operator.Planning;
using Sandcastle.Operator.Resources;
using Sandcastle.Operator.Resources.Tenants;

namespace Sandcastle.Operator.Retail.Planning;

/// <summary>
/// A plan for one tenant: what is over goes; what Kueue evicted lets go; the ledger's word is said; the lease takes the size that is wanted,
/// when it is time to; and the tenant's status says what is admitted. Pure: the same observation always gives the same plan.
/// </summary>
public static class TenantPlanner
{
    /// <summary>How much further off than now Kueue's next try may be before a lease that may be had at once is made anew.</summary>
    private static readonly TimeSpan RetryPatience = TimeSpan.FromSeconds(5);

    public static TenantPlan Plan(TenantObservation observation)
    {
        var plan = new PlanBuilder(observation.Now);
        var tenants = TenantOrder.Sort(observation.Tenants).ToList();
        var leases = observation.Workloads.Select(workload => new LeaseView(workload)).OrderBy(lease => lease.Number).ThenBy(lease => lease.Name, StringComparer.Ordinal).ToList();
        var tenant = tenants.FirstOrDefault(tenant => !tenant.IsDeleting());
        foreach (var other in tenants.Where(other => other != tenant && !other.IsDeleting()))
        {
            TenantStatusPlanner.PlanOther(plan, other, tenant!);
        }

        var housekeeping = new LeaseHousekeeping(observation, plan);
        foreach (var foreign in leases.Where(lease => !IsOurs(lease)))
        {
            housekeeping.Plan(foreign, LedgerVerdict.Of(null, null, observation.Now));
        }

        foreach (var left in leases.Where(lease => IsOurs(lease) && (tenant is null || !lease.Workload.IsOwnedBy(tenant))))
        {
            WorkloadEnd.Leave(plan, left.Workload);
        }

        return tenant is null
            ? new TenantPlan { Actions = plan.Actions, LookAgainAfter = plan.LookAgainAfter, Memory = new TenantMemory() }
            : PlanTenant(observation, plan, tenant, [.. leases.Where(lease => lease.Workload.IsOwnedBy(tenant))], housekeeping);
    }

    private static TenantPlan PlanTenant(TenantObservation observation, PlanBuilder plan, Tenant tenant, List<LeaseView> leases, LeaseHousekeeping housekeeping)
    {
        var verdict = LedgerVerdict.Of(tenant, observation.Use, observation.Now);
        var living = leases.Where(lease => !IsOver(plan, tenant, lease, leases, verdict)).ToList();
        foreach (var lease in living)
        {
            housekeeping.Plan(lease, verdict);
        }

        var held = living.Where(lease => lease.IsHeld).Sum(lease => lease.Granted);
        int? wanted = observation.Use is { } use ? LeaseSize.Of(tenant.Spec, use, held) : leases.Count == 0 ? LeaseSize.Floor(tenant.Spec) : null;
        var sizing = new LeaseSizing(observation, plan, tenant, leases, living, verdict);
        var (memory, slicesFailed) = sizing.Plan(wanted, held);
        var status = new TenantStatusPlanner(observation, plan, tenant, leases, living, verdict);
        var leased = status.Plan(wanted ?? tenant.Status?.Wanted ?? 0);
        return new TenantPlan
        {
            Actions = plan.Actions,
            LookAgainAfter = plan.LookAgainAfter,
            Memory = memory,
            SlicesFailed = slicesFailed,
            Wanted = wanted ?? tenant.Status?.Wanted ?? 0,
            Leased = leased,
            WaitingSince = LeaseSizing.WaitingSince(living),
            Place = Place(living),
        };
    }

    /// <summary>Something that names a Tenant as its owner is a lease; something else that only bears the label is not.</summary>
    private static bool IsOurs(LeaseView lease) => lease.Workload.Metadata.OwnerReferences.Any(owner => owner.Kind == ResourceKind.Tenants.Kind && owner.ApiVersion == Group.ApiVersion);

    private static bool IsOver(PlanBuilder plan, Tenant tenant, LeaseView lease, IReadOnlyList<LeaseView> leases, LedgerVerdict verdict)
    {
        var workload = lease.Workload;
        if (workload.IsFinished)
        {
            // Until the slice that took its place is admitted, too, its size is what the tenant has.
            if (workload.IsDeleting() || !leases.Any(other => other.IsReplacementOf(lease) && other is { IsHeld: true, IsAdmitted: false }))
            {
                WorkloadEnd.Leave(plan, workload);
            }

            return true;
        }

        var mayAgain = verdict.IsReady && !workload.IsReserved && workload.IsEvicted
            && (!workload.IsActive
                ? workload.Condition(Names.Evicted)!.Reason == LeaseHousekeeping.RejectedReason
                : workload.Condition(Names.Requeued)?.Reason == Names.AdmissionCheck && workload.Status.RequeueState?.RequeueAt > plan.Now + RetryPatience);
        if (workload.IsDeleting() || mayAgain || (lease.Workload.Spec.QueueName != tenant.Spec.QueueName))
        {
            WorkloadEnd.Leave(plan, workload);
            return true;
        }

        return false;
    }

    private static LeasePlace? Place(IEnumerable<LeaseView> leases) => leases
        .Where(lease => lease.IsHeld)
        .Select(lease => new LeasePlace(
            lease.Workload.Spec.QueueName, lease.Workload.Status.Admission!.ClusterQueue,
            lease.Workload.AssignmentOf(Names.Credits)?.Flavors.GetValueOrDefault(Credit.CpuResource) ?? ""))
        .LastOrDefault();
}
