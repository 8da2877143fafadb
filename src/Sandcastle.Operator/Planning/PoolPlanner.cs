using Sandcastle.Operator.Cluster;
using Sandcastle.Operator.Kueue;
using Sandcastle.Operator.Pods;
using Sandcastle.Operator.Resources;

namespace Sandcastle.Operator.Planning;

/// <summary>
/// What to do about a pool, its lots, their Workloads and their Pods: objects in, actions out, and nothing else is read. First how many
/// workers there are to be (<see cref="PoolScaler"/>), then each lot's protocol with Kueue (<see cref="LotPlanner"/>), then what has lost
/// its owner, then what people are told (<see cref="LotStatusPlanner"/>, <see cref="PoolStatusPlanner"/>).
/// </summary>
public static class PoolPlanner
{
    /// <summary>The <c>managedBy</c> that is ours; absent means the same.</summary>
    public const string ManagedBy = "sandcastle.dev/operator";

    /// <summary>A load that is older says nothing about what runs now.</summary>
    internal static readonly TimeSpan LoadTime = TimeSpan.FromSeconds(10);

    public static Plan Plan(PoolObservation observation)
    {
        if (observation.Pool?.Spec.ManagedBy is { } managedBy && managedBy != ManagedBy)
        {
            return new Plan { Actions = [], Memory = observation.Memory };
        }

        if (observation.Load is { } load && load.Time + LoadTime < observation.Now)
        {
            observation = observation with { Load = null };
        }

        var plan = new PlanBuilder(observation.Now);
        var lots = Views(observation);
        return observation.Pool is { } pool && !pool.IsDeleting() ? PlanPool(observation, plan, lots) : PlanEnd(observation, plan, lots);
    }

    private static Plan PlanPool(PoolObservation observation, PlanBuilder plan, List<LotView> lots)
    {
        observation = observation with { Memory = observation.Memory with { IdleSince = Priorities.Remember(observation, plan, lots) } };
        var make = WorkerMake.Of(observation.Pool!, observation.Templates, out var missing);
        var demand = Demand.Of(observation.Pool!.Spec, observation.Load);
        var memory = new PoolScaler(observation, plan, lots, make).Scale(demand);
        PlanLots(observation, plan, lots);
        PlanOrphans(observation, plan);
        RemoveTemplates(observation, plan, lots, make);
        foreach (var lot in lots)
        {
            LotStatusPlanner.Plan(plan, lot);
        }

        new PoolStatusPlanner(observation, plan, lots).Plan(demand, make, missing);
        return plan.Build(memory);
    }

    /// <summary>The pool is gone or going: nothing is drained, and nothing is left.</summary>
    private static Plan PlanEnd(PoolObservation observation, PlanBuilder plan, List<LotView> lots)
    {
        foreach (var lot in lots.Where(lot => !lot.Lot.IsDeleting()))
        {
            plan.Delete(ResourceKind.Lots, lot.Lot);
        }

        PlanLots(observation, plan, lots.Select(lot => lot with { Lot = lot.Lot with { Metadata = lot.Lot.Metadata with { DeletionTimestamp = observation.Now } } }));
        PlanOrphans(observation, plan);
        foreach (var map in observation.ConfigMaps.Where(map => !map.IsDeleting()))
        {
            plan.Delete(ResourceKind.ConfigMaps, map);
        }

        return plan.Build(new PoolMemory());
    }

    private static void PlanLots(PoolObservation observation, PlanBuilder plan, IEnumerable<LotView> lots)
    {
        var planner = new LotPlanner(observation, plan);
        foreach (var lot in lots)
        {
            planner.Plan(lot);
        }
    }

    /// <summary>Workloads and Pods whose lot is gone: the garbage collector deletes them too, but removes no finalizer of a Workload.</summary>
    private static void PlanOrphans(PoolObservation observation, PlanBuilder plan)
    {
        var lots = observation.Lots.Select(lot => lot.Metadata.Uid).ToHashSet(StringComparer.Ordinal);
        var pods = observation.Pods.Where(pod => !IsOfOne(pod, lots)).ToList();
        foreach (var pod in pods.Where(pod => !pod.IsDeleting()))
        {
            plan.Delete(ResourceKind.Pods, pod, LotPlanner.StopGraceSeconds);
        }

        foreach (var workload in observation.Workloads.Where(workload => !IsOfOne(workload, lots)))
        {
            // Its quota is held until its own Pods are gone.
            if (!pods.Exists(pod => pod.Metadata.Annotations.GetValueOrDefault(Names.WorkloadAnnotation) == workload.Metadata.Name && !pod.IsOver))
            {
                WorkloadEnd.Leave(plan, workload);
            }
        }
    }

    /// <summary>Template files that no lot uses any more.</summary>
    private static void RemoveTemplates(PoolObservation observation, PlanBuilder plan, List<LotView> lots, WorkerMake? make)
    {
        var used = lots.Select(lot => lot.Lot.Spec.Worker.Templates).Append(make?.Worker.Templates).ToHashSet(StringComparer.Ordinal);
        foreach (var map in observation.ConfigMaps.Where(map => make is not null && !map.IsDeleting() && !used.Contains(map.Metadata.Name)))
        {
            plan.Delete(ResourceKind.ConfigMaps, map);
        }
    }

    private static bool IsOfOne(KubeObject item, HashSet<string> uids) => item.Metadata.OwnerReferences.Any(owner => uids.Contains(owner.Uid));

    private static List<LotView> Views(PoolObservation observation)
    {
        var workloads = ByOwner(observation.Workloads);
        var pods = ByOwner(observation.Pods);
        return
        [
            .. observation.Lots.OrderBy(lot => lot.Metadata.Name, StringComparer.Ordinal).Select(lot => new LotView
            {
                Lot = lot,
                Workload = workloads[lot.Metadata.Uid].FirstOrDefault(workload => workload.Metadata.Name == Bodies.WorkloadName(lot)),
                Workers = [.. pods[lot.Metadata.Uid].OrderBy(pod => pod.Metadata.Name, StringComparer.Ordinal).Select(pod => View(observation, pod))],
            }),
        ];
    }

    private static WorkerView View(PoolObservation observation, Pod pod) => new()
    {
        Pod = pod,
        Load = observation.Load?.Workers.GetValueOrDefault(pod.Metadata.Name),
        IsLoadKnown = observation.Load is not null,
        IsOnCordonedNode = pod.Spec.NodeName.Length > 0 && observation.CordonedNodes.Contains(pod.Spec.NodeName),
    };

    private static ILookup<string, T> ByOwner<T>(IEnumerable<T> items)
        where T : KubeObject =>
        items.SelectMany(item => item.Metadata.OwnerReferences.Select(owner => (owner.Uid, Item: item))).ToLookup(pair => pair.Uid, pair => pair.Item);
}
