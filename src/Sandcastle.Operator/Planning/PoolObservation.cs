using Sandcastle.Operator.Certificates;
using Sandcastle.Operator.Cluster;
using Sandcastle.Operator.Kueue;
using Sandcastle.Operator.Load;
using Sandcastle.Operator.Pods;
using Sandcastle.Operator.Resources.Lots;
using Sandcastle.Operator.Resources.Pools;
using Sandcastle.Operator.Resources.Templates;

namespace Sandcastle.Operator.Planning;

/// <summary>All that a plan for a pool is made of.</summary>
public sealed record PoolObservation
{
    public required ObjectKey Key { get; init; }

    /// <summary>Null when it is gone: what it left behind is to go too.</summary>
    public SandboxPool? Pool { get; init; }

    public IReadOnlyList<WorkerLot> Lots { get; init; } = [];

    public IReadOnlyList<Workload> Workloads { get; init; } = [];

    public IReadOnlyList<Pod> Pods { get; init; } = [];

    /// <summary>Of the pool's namespace.</summary>
    public IReadOnlyList<SandboxTemplate> Templates { get; init; } = [];

    /// <summary>That were made for the pool.</summary>
    public IReadOnlyList<ConfigMap> ConfigMaps { get; init; } = [];

    public IReadOnlyList<ResourceFlavor> Flavors { get; init; } = [];

    public IReadOnlyList<WorkloadPriorityClass> PriorityClasses { get; init; } = [];

    /// <summary>Names of nodes that take no new Pods.</summary>
    public IReadOnlyCollection<string> CordonedNodes { get; init; } = [];

    /// <summary>Null while no manager answers.</summary>
    public PoolLoad? Load { get; init; }

    /// <summary>Of the pool's namespace; null while they have not been looked at, or are nobody's business here.</summary>
    public CertificateState? Certificates { get; init; }

    public PoolMemory Memory { get; init; } = new();

    public required DateTimeOffset Now { get; init; }
}
