using System.Text.Json.Nodes;
using Sandcastle.Operator.Cluster;
using Sandcastle.Operator.Kueue;
using Sandcastle.Operator.Planning;
using Sandcastle.Operator.Resources;
using Sandcastle.Operator.Resources.Tenants;

namespace Sandcastle.Operator.Retail.Planning;

/// <summary>What a tenant's status says: what is admitted, which managers enforce, and in one sentence why not more.</summary>
internal sealed class TenantStatusPlanner(
    TenantObservation observation, PlanBuilder plan, Tenant tenant, IReadOnlyList<LeaseView> leases, IReadOnlyList<LeaseView> living, LedgerVerdict verdict)
{
    /// <summary>What is used and what is wanted move all the time; they alone are not worth a write more often than this.</summary>
    internal static readonly TimeSpan UsedTime = TimeSpan.FromSeconds(60);

    private const string Leased = "Leased";
    private const int WaitingMost = 1024;

    /// <summary>A second Tenant in a namespace has no say, and is told so.</summary>
    internal static void PlanOther(PlanBuilder plan, Tenant other, Tenant first) => Write(plan, other, new TenantStatus
    {
        ObservedGeneration = other.Metadata.Generation,
        Conditions = (other.Status?.Conditions ?? []).With(
            Conditions.Make(Leased, false, "NotTheOldest", $"Tenant {first.Metadata.Name} of this namespace is older: a namespace is one tenant", other.Metadata.Generation), plan.Now),
    });

    /// <returns>Credits that are admitted.</returns>
    internal int Plan(int wanted)
    {
        var before = tenant.Status ?? new TenantStatus();
        var credits = living.Where(lease => lease.IsAdmitted).Sum(lease => lease.Granted) - Doubled() + BeingReplaced();
        var condition = Condition(credits, wanted);
        Write(plan, tenant, new TenantStatus
        {
            ObservedGeneration = tenant.Metadata.Generation,
            Lease = new LeaseStatus
            {
                Credits = credits,
                CpuMillis = credits * Credit.CpuMillis,
                MemoryMib = credits * Credit.MemoryMib,
                Workloads = living.Count,
                Waiting = condition.Reason is "Leased" or "Unused" ? null : Cut(condition.Message),
            },
            Wanted = wanted,
            Used = Used(before.Used),
            Conditions = (before.Conditions ?? []).With(condition, plan.Now),
        });
        return credits;
    }

    private static void Write(PlanBuilder plan, Tenant tenant, TenantStatus after)
    {
        var before = tenant.Status ?? new TenantStatus();
        var isSame = JsonNode.DeepEquals(Json.Node(after with { Used = null, Wanted = 0 }), Json.Node(before with { Used = null, Wanted = 0 }));
        if (isSame && after.Wanted == before.Wanted && (after.Used is not { } used || (before.Used is { } old && used with { Time = old.Time } == old)))
        {
            return;
        }

        if (isSame && before.Used is { } known && plan.Now < known.Time + UsedTime)
        {
            plan.LookAgainAt(known.Time + UsedTime);
            return;
        }

        var text = Json.Node(after).AsObject();
        if (after.Lease is { Waiting: null })
        {
            // A merge patch leaves what it does not name; what is no more must be named.
            text["lease"]!["waiting"] = null;
        }

        if (plan.Patch(ResourceKind.Tenants, tenant, "status", new JsonObject { ["status"] = text }))
        {
            Tell(plan, tenant, before, after);
        }
    }

    private static void Tell(PlanBuilder plan, Tenant tenant, TenantStatus before, TenantStatus after)
    {
        var (old, now) = (before.Conditions?.FirstOrDefault(one => one.Type == Leased), after.Conditions!.First(one => one.Type == Leased));
        if (old?.Reason != now.Reason && now.Reason is "Preempted" or "BudgetSpent" or "Rejected" or "Deactivated")
        {
            plan.Tell(ResourceKind.Tenants, tenant, now.Reason, now.Message, isWarning: true);
        }
    }

    /// <summary>A slice and the one it was to replace are one lease, also while both are admitted.</summary>
    private int Doubled() => living.Where(lease => lease.IsAdmitted && living.Any(other => other.IsAdmitted && other.IsReplacementOf(lease))).Sum(lease => lease.Granted);

    /// <summary>Kueue ends a slice when it reserves quota for the next, which other checks may hold up: until then the old size holds.</summary>
    private int BeingReplaced() => living
        .Where(lease => lease is { IsHeld: true, IsAdmitted: false })
        .Sum(lease => leases.Where(old => old.Workload.IsFinished && lease.IsReplacementOf(old)).Sum(old => Math.Min(old.Granted, lease.Granted)));

    private UsedStatus? Used(UsedStatus? before) => observation.Use is { } use
        ? new UsedStatus
        {
            CpuMillis = use.CpuMillis,
            CpuMillisP95 = use.CpuMillisP95,
            CommittedMemoryMib = use.CommittedMemoryMib,
            Running = use.Running,
            Waiting = use.Waiting,
            Time = plan.Now,
        }
        : before;

    private Condition Condition(int credits, int wanted)
    {
        var (reason, message) = Reason(credits, wanted);
        return Conditions.Make(Leased, credits > 0, reason, message, tenant.Metadata.Generation);
    }

    private (string Reason, string Message) Reason(int credits, int wanted)
    {
        if (!verdict.IsReady)
        {
            return (verdict.State == Names.CheckRetry ? "BudgetSpent" : "Rejected", verdict.Message + ".");
        }

        if (living.FirstOrDefault(lease => !lease.Workload.IsActive) is { } inactive)
        {
            return ("Deactivated", $"Workload {inactive.Name} was deactivated: spec.active is false.");
        }

        if (living.FirstOrDefault(lease => lease.IsWaiting) is { } waiting)
        {
            var evicted = waiting.Workload.Condition(Names.Evicted) is { IsTrue: true } condition ? condition : null;
            var words = evicted ?? waiting.Workload.Condition(Names.QuotaReserved);
            return (evicted?.Reason is Names.Preempted ? "Preempted" : "Pending", words is null ? "Kueue has not looked at the lease yet." : words.Message);
        }

        if (living.FirstOrDefault(lease => lease is { IsHeld: true, IsAdmitted: false }) is { } checking)
        {
            return ("Checking", $"Workload {checking.Name} holds quota and waits for its admission checks.");
        }

        return credits > 0 || living.Count > 0
            ? ("Leased", $"{credits} credits are leased.")
            : wanted == 0 ? ("Unused", "Nothing is used, and the floor is 0.") : ("Pending", "The lease is being made.");
    }

    private static string Cut(string text) => text.Length <= WaitingMost ? text : text[..WaitingMost];
}
