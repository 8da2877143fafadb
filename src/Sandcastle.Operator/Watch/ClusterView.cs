using Microsoft.Extensions.Logging;
using Sandcastle.Operator.Cluster;
using Sandcastle.Operator.Kueue;
using Sandcastle.Operator.Pods;
using Sandcastle.Operator.Resources;
using Sandcastle.Operator.Resources.Lots;
using Sandcastle.Operator.Resources.Pools;
using Sandcastle.Operator.Resources.Templates;
using Sandcastle.Operator.Telemetry;

namespace Sandcastle.Operator.Watch;

/// <summary>Everything that planning looks at, kept like the API server by one watch per kind. Says which pool a change is about.</summary>
internal sealed class ClusterView : WatchedView
{
    private readonly Action<ObjectKey> _touch;

    internal ClusterView(ApiClient api, string? ns, TimeProvider time, OperatorMetrics metrics, ILoggerFactory loggers, Action<ObjectKey> touch)
        : base(api, ns, time, metrics, loggers, touch)
    {
        _touch = touch;
        const string OfAPool = Labels.Pool;
        Pools = Add<SandboxPool>(ResourceKind.Pools, null, pool => new ObjectKey(pool.Metadata.Namespace, pool.Metadata.Name));
        Lots = Add<WorkerLot>(ResourceKind.Lots, null, lot => new ObjectKey(lot.Metadata.Namespace, lot.Spec.Pool));
        Templates = Add<SandboxTemplate>(ResourceKind.Templates, null, template => new ObjectKey(template.Metadata.Namespace, ""), TouchNamespace);
        Workloads = Add<Workload>(ResourceKind.Workloads, OfAPool, ByLabel);
        Pods = Add<Pod>(ResourceKind.Pods, $"{Labels.Name}={Labels.WorkerName}", ByLabel);
        ConfigMaps = Add<ConfigMap>(ResourceKind.ConfigMaps, OfAPool, ByLabel);
        Flavors = Add<ResourceFlavor>(ResourceKind.Flavors, null, _ => null, _ => TouchAll());
        PriorityClasses = Add<WorkloadPriorityClass>(ResourceKind.PriorityClasses, null, _ => null, _ => TouchAll());
        Nodes = Add<Node>(ResourceKind.Nodes, null, _ => null, TouchNode);
    }

    internal ObjectStore<SandboxPool> Pools { get; }

    internal ObjectStore<WorkerLot> Lots { get; }

    internal ObjectStore<SandboxTemplate> Templates { get; }

    internal ObjectStore<Workload> Workloads { get; }

    internal ObjectStore<Pod> Pods { get; }

    internal ObjectStore<ConfigMap> ConfigMaps { get; }

    internal ObjectStore<ResourceFlavor> Flavors { get; }

    internal ObjectStore<WorkloadPriorityClass> PriorityClasses { get; }

    internal ObjectStore<Node> Nodes { get; }

    private static ObjectKey? ByLabel(KubeObject item) =>
        item.Metadata.Labels.TryGetValue(Labels.Pool, out var pool) ? new ObjectKey(item.Metadata.Namespace, pool) : null;

    private void TouchNamespace(SandboxTemplate template)
    {
        foreach (var pool in Pools.All.Where(pool => pool.Metadata.Namespace == template.Metadata.Namespace))
        {
            _touch(new ObjectKey(pool.Metadata.Namespace, pool.Metadata.Name));
        }
    }

    /// <summary>Nodes report often; only those that workers run on are anybody's business.</summary>
    private void TouchNode(Node node)
    {
        foreach (var pod in Pods.All.Where(pod => pod.Spec.NodeName == node.Metadata.Name))
        {
            if (ByLabel(pod) is { } key)
            {
                _touch(key);
            }
        }
    }

    private void TouchAll()
    {
        foreach (var pool in Pools.All)
        {
            _touch(new ObjectKey(pool.Metadata.Namespace, pool.Metadata.Name));
        }
    }
}
