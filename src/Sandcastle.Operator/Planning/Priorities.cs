using System.Text.Json.Nodes;
using Sandcastle.Operator.Cluster;
using Sandcastle.Operator.Kueue;
using Sandcastle.Operator.Resources;

namespace Sandcastle.Operator.Planning;

/// <summary>Which priority a lot has: a low one while every worker is idle, so that preemption takes what nobody uses.</summary>
internal static class Priorities
{
    /// <summary>How long a lot must be idle before it counts as warm: runs come and go in milliseconds, and each change is a write.</summary>
    internal static readonly TimeSpan WarmAfter = TimeSpan.FromSeconds(30);

    /// <summary>The class that a lot should have now; null: pools without classes.</summary>
    internal static string? ClassFor(PoolObservation observation, LotView lot)
    {
        if (observation.Pool?.Spec.PriorityClasses is not { } classes)
        {
            return null;
        }

        if (lot.IsBusy)
        {
            return classes.Busy;
        }

        // Nobody has told anything, or the idling is too short to be believed: as it is.
        var present = lot.Workload?.Spec.PriorityClassRef?.Name;
        var isIdle = observation.Memory.IdleSince.TryGetValue(lot.Name, out var since) && observation.Now >= since + WarmAfter;
        return present == classes.Busy && !isIdle ? classes.Busy : classes.Warm;
    }

    /// <returns>False: the class does not exist (yet).</returns>
    internal static bool Resolve(PoolObservation observation, string? name, out PriorityClassRef? reference, out int? value)
    {
        reference = null;
        value = null;
        if (name is null)
        {
            return true;
        }

        if (observation.PriorityClasses.FirstOrDefault(known => known.Metadata.Name == name) is not { } known)
        {
            return false;
        }

        reference = new PriorityClassRef { Group = Names.Group, Kind = ResourceKind.PriorityClasses.Kind, Name = name };
        value = known.Value;
        return true;
    }

    /// <summary>
    /// Turns a lot warm or busy. Kueue allows the priority and the name of a class to change while quota is reserved, but not whether
    /// there is a class at all.
    /// </summary>
    internal static void Update(PoolObservation observation, PlanBuilder plan, LotView lot, Workload workload)
    {
        var name = ClassFor(observation, lot);
        if (name is null || workload.Spec.PriorityClassRef is not { } present || present.Kind != ResourceKind.PriorityClasses.Kind
            || !Resolve(observation, name, out var reference, out var value)
            || (present.Name == name && workload.Spec.Priority == value))
        {
            return;
        }

        plan.Patch(ResourceKind.Workloads, workload, null, new JsonObject
        {
            ["spec"] = new JsonObject { ["priorityClassRef"] = Json.Node(reference!), ["priority"] = value },
        });
    }

    /// <summary>Since when each lot is idle, and when the next one has been for long enough.</summary>
    internal static IReadOnlyDictionary<string, DateTimeOffset> Remember(PoolObservation observation, PlanBuilder plan, IReadOnlyList<LotView> lots)
    {
        var idle = new SortedDictionary<string, DateTimeOffset>(StringComparer.Ordinal);
        if (observation.Pool?.Spec.PriorityClasses is not { } classes)
        {
            return idle;
        }

        foreach (var lot in lots.Where(lot => observation.Load is not null && !lot.IsBusy))
        {
            var since = observation.Memory.IdleSince.GetValueOrDefault(lot.Name, observation.Now);
            idle[lot.Name] = since;
            if (lot.Workload?.Spec.PriorityClassRef?.Name == classes.Busy && since + WarmAfter > observation.Now)
            {
                plan.LookAgainAt(since + WarmAfter);
            }
        }

        return idle;
    }
}
