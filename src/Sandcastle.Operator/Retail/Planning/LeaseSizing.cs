using System.Text.Json.Nodes;
using Sandcastle.Operator.Cluster;
using Sandcastle.Operator.Kueue;
using Sandcastle.Operator.Planning;
using Sandcastle.Operator.Resources.Tenants;

namespace Sandcastle.Operator.Retail.Planning;

/// <summary>Brings the Workloads of a lease to the size that is wanted, by slices or by additive leases.</summary>
internal sealed class LeaseSizing(
    TenantObservation observation, PlanBuilder plan, Tenant tenant, IReadOnlyList<LeaseView> leases, IReadOnlyList<LeaseView> living, LedgerVerdict verdict)
{
    /// <summary>Kueue finishes a slice in the moment in which it reserves quota for the next; a failed write of its is made good within this.</summary>
    internal static readonly TimeSpan ReplaceTime = TimeSpan.FromSeconds(5);

    /// <summary>Leases side by side at most; beyond, small ones give way to larger ones.</summary>
    internal const int MostAdditive = 8;

    private bool _hasChanged;

    /// <param name="wanted">Credits; null while nobody knows.</param>
    /// <param name="held">Credits that quota is held for.</param>
    internal (TenantMemory Memory, bool SlicesFailed) Plan(int? wanted, int held)
    {
        var slicesFailed = IsUnreplaced();
        var isAdditive = observation.Options.Growth == LeaseGrowth.Additive || observation.SlicesFailed || slicesFailed || !living.All(lease => lease.IsElastic) || Unrelated();
        var changedAt = Latest(living.Max(lease => lease.ChangedAt), observation.Memory.ChangedAt);
        var target = new LeaseTarget(observation.Options, observation.Memory, plan.Now);
        var asked = isAdditive ? Counted().Sum(lease => lease.Asked) : Newest()?.Asked ?? 0;
        var credits = asked == 0 && living.Count == 0 && wanted > 0 && leases.Count == 0
            ? wanted.Value
            : target.Of(wanted, asked, held, verdict.IsReady ? InLineSince(living) : null, changedAt);
        if (isAdditive)
        {
            Additive(credits);
        }
        else
        {
            Slice(credits);
        }

        foreach (var due in target.Due)
        {
            plan.LookAgainAt(due);
        }

        var memory = _hasChanged ? new TenantMemory { ChangedAt = plan.Now } : target.Memory with { ChangedAt = observation.Memory.ChangedAt };
        return (memory, slicesFailed);
    }

    /// <summary>Since when some part of a lease waits for quota.</summary>
    internal static DateTimeOffset? WaitingSince(IEnumerable<LeaseView> living) => living
        .Where(lease => lease.IsWaiting)
        .Select(lease => (DateTimeOffset?)(Latest(lease.Workload.Condition(Names.QuotaReserved)?.LastTransitionTime, lease.ChangedAt)))
        .Min();

    /// <summary>
    /// Since when some part of a lease is in Kueue's line for quota: what waited for its budget before that waited for nothing that a smaller
    /// size would fit into.
    /// </summary>
    private static DateTimeOffset? InLineSince(IEnumerable<LeaseView> living) => living
        .Where(lease => lease.IsWaiting && !lease.IsHeldBack)
        .Select(lease => Latest(WaitingSince([lease]), lease.RequeuedAt))
        .Min();

    private static DateTimeOffset? Latest(DateTimeOffset? one, DateTimeOffset? other) => one > other || other is null ? one : other;

    /// <summary>Quota is held twice: by a slice and by the one that it should have replaced.</summary>
    private bool IsUnreplaced()
    {
        var doubled = living.Where(lease => lease.IsHeld && living.Any(other => other.IsHeld && lease.IsReplacementOf(other))).ToList();
        var since = doubled.Select(lease => lease.Workload.Condition(Names.QuotaReserved)!.LastTransitionTime + ReplaceTime).DefaultIfEmpty(DateTimeOffset.MaxValue).Min();
        if (doubled.Count > 0 && plan.Now < since)
        {
            plan.LookAgainAt(since);
        }

        return plan.Now >= since;
    }

    /// <summary>Leases that hold quota side by side, as additive ones do.</summary>
    private bool Unrelated() => living.Count(lease => lease.IsHeld) > 1 && !living.Any(lease => lease.IsHeld && living.Any(other => other.IsHeld && lease.IsReplacementOf(other)));

    /// <summary>All but those in whose place another one holds quota.</summary>
    private List<LeaseView> Counted() => [.. living.Where(lease => !living.Any(other => other.IsHeld && other.IsReplacementOf(lease)))];

    private LeaseView? Newest()
    {
        var head = living.LastOrDefault(lease => lease.IsHeld);
        return head is null ? (living.Count > 0 ? living[0] : null) : living.LastOrDefault(lease => lease.IsWaiting && lease.IsReplacementOf(head)) ?? head;
    }

    /// <summary>One that holds quota, and at most one that is to take its place.</summary>
    private void Slice(int credits)
    {
        var head = living.LastOrDefault(lease => lease.IsHeld);
        var newest = Newest();
        foreach (var stray in living.Where(lease => lease != head && lease != newest && !(lease.IsHeld && head!.IsReplacementOf(lease))))
        {
            // What was to replace something that is gone, or was overtaken: the chain is ours to clean up.
            WorkloadEnd.Leave(plan, stray.Workload);
        }

        if (newest is null)
        {
            Create(credits, isElastic: true, null);
        }
        else if (newest == head && credits > head.Granted)
        {
            Create(credits, isElastic: true, head);
        }
        else if (head is not null && newest != head && credits <= head.Granted)
        {
            End(newest);
        }
        else if (credits == 0)
        {
            End(newest);
        }
        else if (credits < newest.Count)
        {
            Resize(newest, credits);
        }
    }

    /// <summary>Several beside each other: growth is one more, or a larger one that still waits; what is too much goes from the newest on.</summary>
    private void Additive(int credits)
    {
        // A slice that was not taken for one: the one before it has no use any more.
        var counted = Counted();
        foreach (var old in living.Except(counted))
        {
            End(old);
        }

        var total = counted.Sum(lease => lease.Asked);
        if (total < credits && !counted.Any(lease => lease.IsWaiting))
        {
            var smallest = counted.Count >= MostAdditive ? counted.Min(lease => lease.Asked) : 0;
            Create(credits - total + smallest, isElastic: false, null);
            return;
        }

        if (counted.Count > MostAdditive && counted.All(lease => lease.IsHeld) && counted.MinBy(lease => lease.Asked) is { } least && total - least.Asked >= credits)
        {
            End(least);
            return;
        }

        Reduce(counted, counted.Count > MostAdditive ? 0 : total - credits);
    }

    private void Reduce(IEnumerable<LeaseView> counted, int surplus)
    {
        // Whole ones first, the newest first; what waits before what holds quota. Of the first that is larger than the rest a part goes.
        LeaseView? larger = null;
        foreach (var lease in counted.OrderByDescending(lease => lease.IsWaiting).ThenByDescending(lease => lease.Number))
        {
            if (lease.Asked <= surplus)
            {
                surplus -= lease.Asked;
                End(lease);
            }
            else
            {
                larger ??= lease;
            }
        }

        if (surplus <= 0 || larger is null)
        {
            return;
        }

        if (larger.IsHeld)
        {
            HandBack(larger, surplus);
        }
        else
        {
            Resize(larger, larger.Count - surplus);
        }
    }

    private void HandBack(LeaseView lease, int credits) => _hasChanged |= plan.Patch(ResourceKind.Workloads, lease.Workload, "status", new JsonObject
    {
        ["status"] = new JsonObject
        {
            ["reclaimablePods"] = new JsonArray(new JsonObject { ["name"] = Names.Credits, ["count"] = lease.Reclaimed + credits }),
        },
    });

    private void Create(int credits, bool isElastic, LeaseView? replaces)
    {
        if (credits <= 0 || !verdict.IsReady)
        {
            return;
        }

        var number = leases.Select(lease => lease.Number).DefaultIfEmpty(0).Max() + 1;
        _hasChanged |= plan.Create(ResourceKind.Workloads, LeaseBodies.Workload(tenant, number, credits, isElastic, replaces, plan.Now));
    }

    private void Resize(LeaseView lease, int credits) =>
        _hasChanged |= plan.Patch(ResourceKind.Workloads, lease.Workload, null, LeaseBodies.Resize(credits, plan.Now));

    private void End(LeaseView lease)
    {
        WorkloadEnd.Leave(plan, lease.Workload);
        _hasChanged = true;
    }
}
