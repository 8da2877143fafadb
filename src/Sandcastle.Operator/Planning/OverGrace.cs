using Sandcastle.Operator.Kueue;
using Sandcastle.Operator.Resources.Lots;
using Sandcastle.Operator.Resources.Pools;

namespace Sandcastle.Operator.Planning;

/// <summary>Lots that should have let go of their quota by now: a kubelet that does not answer keeps Pods, and with them quota, for longer.</summary>
internal static class OverGrace
{
    /// <summary>Behind the grace: Pods end, the API server is told, and the one patch is written.</summary>
    internal static readonly TimeSpan Slack = TimeSpan.FromSeconds(15);

    internal static int Count(IEnumerable<SandboxPool> pools, IEnumerable<WorkerLot> lots, IEnumerable<Workload> workloads, DateTimeOffset now)
    {
        var graces = pools.ToDictionary(pool => (pool.Metadata.Namespace, pool.Metadata.Name), pool => pool.Spec.Scaling.DrainGrace.Time);
        var evicted = workloads.Where(workload => workload is { IsEvicted: true, IsReserved: true, IsFinished: false }).ToList();
        return lots.Count(lot => evicted.Any(workload => workload.IsOwnedBy(lot)
            && now > workload.Condition(Names.Evicted)!.LastTransitionTime + graces.GetValueOrDefault((lot.Metadata.Namespace, lot.Spec.Pool)) + Slack));
    }
}
