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
internal sealed partial class ClusterView
{
    private readonly List<Func<CancellationToken, Task>> _runs = [];
    private readonly List<Task> _synced = [];
    private readonly Dictionary<ResourceKind, (Func<System.Text.Json.JsonElement, bool> Set, Action<ObjectKey, string> Remove)> _written = [];
    private readonly Action<ObjectKey> _touch;
    private readonly Source _source;

    internal ClusterView(ApiClient api, string? ns, TimeProvider time, OperatorMetrics metrics, ILoggerFactory loggers, Action<ObjectKey> touch)
    {
        _touch = touch;
        _source = new Source(api, ns, time, metrics, loggers);
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

    /// <summary>Done when every kind has been listed: before, what is missing might only not have been seen.</summary>
    internal Task Synced => Task.WhenAll(_synced);

    internal Task RunAsync(CancellationToken cancellationToken) => Task.WhenAll(_runs.Select(run => run(cancellationToken)));

    /// <summary>Takes over what the server answered to a write of ours.</summary>
    internal void Wrote(ResourceKind kind, System.Text.Json.JsonElement item)
    {
        if (_written.TryGetValue(kind, out var store))
        {
            store.Set(item);
        }
    }

    /// <summary>Takes over that an object is gone.</summary>
    internal void Removed(ResourceKind kind, ObjectKey key, string uid)
    {
        if (_written.TryGetValue(kind, out var store))
        {
            store.Remove(key, uid);
        }
    }

    private static ObjectKey? ByLabel(KubeObject item) =>
        item.Metadata.Labels.TryGetValue(Labels.Pool, out var pool) ? new ObjectKey(item.Metadata.Namespace, pool) : null;

    private ObjectStore<T> Add<T>(ResourceKind kind, string? selector, Func<T, ObjectKey?> group, Action<T>? touch = null)
        where T : KubeObject
    {
        var logger = _source.Loggers.CreateLogger($"Sandcastle.Operator.Watch.{kind.Kind}");
        var store = new ObjectStore<T>(group, touch ?? Touch, reason => LogUnreadable(logger, kind, reason));
        var reflector = new Reflector<T>(
            _source.Api, kind, kind.Namespaced ? _source.Namespace : null, selector, store, _source.Time, _source.Metrics, logger);
        _runs.Add(reflector.RunAsync);
        _synced.Add(reflector.Synced);
        _written[kind] = (store.Set, store.Remove);
        return store;

        void Touch(T item)
        {
            if (group(item) is { } key)
            {
                _touch(key);
            }
        }
    }

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

    [LoggerMessage(Level = LogLevel.Error, Message = "One {Kind} is left out, since it cannot be read: {Reason}")]
    private static partial void LogUnreadable(ILogger logger, ResourceKind kind, string reason);

    private sealed record Source(ApiClient Api, string? Namespace, TimeProvider Time, OperatorMetrics Metrics, ILoggerFactory Loggers);
}
