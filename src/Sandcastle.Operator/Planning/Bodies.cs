using System.Globalization;
using System.Text.Json.Nodes;
using Sandcastle.Operator.Cluster;
using Sandcastle.Operator.Kueue;
using Sandcastle.Operator.Pods;
using Sandcastle.Operator.Resources;
using Sandcastle.Operator.Resources.Lots;
using Sandcastle.Operator.Resources.Pools;

namespace Sandcastle.Operator.Planning;

/// <summary>Objects as they are made. Every name follows from what the object is for.</summary>
internal static class Bodies
{
    internal static string WorkloadName(WorkerLot lot) => $"workerlot-{lot.Metadata.Name}-{Short(lot.Metadata.Uid)}";

    internal static string PodName(WorkerLot lot, int index) => $"{lot.Metadata.Name}-{Short(lot.Metadata.Uid)}-{index}";

    /// <summary>Numbers grow as long as the pool has lots, so that a name is not used again while anything remembers it.</summary>
    internal static string LotName(string pool, int number) => $"{pool}-{number.ToString("D4", CultureInfo.InvariantCulture)}";

    /// <summary>The number in a lot's name; 0 where there is none.</summary>
    internal static int LotNumber(WorkerLot lot) =>
        lot.Metadata.Name.StartsWith(lot.Spec.Pool + "-", StringComparison.Ordinal)
        && int.TryParse(lot.Metadata.Name.AsSpan(lot.Spec.Pool.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    internal static JsonObject Lot(SandboxPool pool, string name, int count, WorkerMake make) => new()
    {
        ["apiVersion"] = Group.ApiVersion,
        ["kind"] = ResourceKind.Lots.Kind,
        ["metadata"] = new JsonObject
        {
            ["name"] = name,
            ["namespace"] = pool.Metadata.Namespace,
            ["labels"] = new JsonObject { [Labels.Pool] = pool.Metadata.Name },
            ["ownerReferences"] = new JsonArray(Owner(ResourceKind.Pools, pool)),
        },
        ["spec"] = Json.Node(new LotSpec
        {
            Pool = pool.Metadata.Name,
            Count = count,
            Hash = make.Hash,
            QueueName = pool.Spec.QueueName,
            Topology = pool.Spec.Topology,
            Worker = make.Worker,
        }),
    };

    internal static JsonObject Workload(WorkerLot lot, PriorityClassRef? priorityClass, int? priority)
    {
        var template = Placement.Of(lot.Spec);
        return new JsonObject
        {
            ["apiVersion"] = Names.ApiVersion,
            ["kind"] = ResourceKind.Workloads.Kind,
            ["metadata"] = new JsonObject
            {
                ["name"] = WorkloadName(lot),
                ["namespace"] = lot.Metadata.Namespace,
                ["labels"] = new JsonObject
                {
                    [Names.JobUidLabel] = lot.Metadata.Uid,
                    [Labels.Pool] = lot.Spec.Pool,
                    [Labels.Lot] = lot.Metadata.Name,
                },
                ["finalizers"] = new JsonArray(Names.Finalizer),
                ["ownerReferences"] = new JsonArray(Owner(ResourceKind.Lots, lot)),
            },
            ["spec"] = WorkerPod.WithoutNulls(new JsonObject
            {
                ["queueName"] = lot.Spec.QueueName,
                ["priorityClassRef"] = priorityClass is null ? null : Json.Node(priorityClass),
                ["priority"] = priority,
                ["podSets"] = new JsonArray(WorkerPod.WithoutNulls(new JsonObject
                {
                    ["name"] = Names.PodSet,
                    ["count"] = lot.Spec.Count,
                    ["topologyRequest"] = lot.Spec.Topology is null ? null : Json.Node(lot.Spec.Topology),
                    ["template"] = new JsonObject
                    {
                        ["metadata"] = Metadata(template, []),
                        ["spec"] = WorkerPod.Spec(lot.Spec.Worker, template),
                    },
                })),
            }),
        };
    }

    internal static JsonObject Pod(WorkerLot lot, Workload workload, Placement placement, string name)
    {
        var labels = new List<KeyValuePair<string, string>>
        {
            new(Labels.Name, Labels.WorkerName),
            new(Labels.Pool, lot.Spec.Pool),
            new(Labels.Lot, lot.Metadata.Name),
            new(Labels.ControllerUid, lot.Metadata.Uid),
            new(Names.PodSetLabel, Names.PodSet),
        };
        AddQueue(labels, Names.LocalQueueLabel, workload.Spec.QueueName);
        AddQueue(labels, Names.ClusterQueueLabel, workload.Status.Admission?.ClusterQueue ?? "");
        var metadata = Metadata(placement, labels);
        metadata["name"] = name;
        metadata["namespace"] = lot.Metadata.Namespace;
        metadata["ownerReferences"] = new JsonArray(Owner(ResourceKind.Lots, lot));
        var annotations = metadata["annotations"] as JsonObject ?? [];
        annotations[Names.WorkloadAnnotation] = workload.Metadata.Name;
        metadata["annotations"] = annotations;
        return new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Pod", ["metadata"] = metadata, ["spec"] = WorkerPod.Spec(lot.Spec.Worker, placement) };
    }

    internal static JsonObject ConfigMap(SandboxPool pool, WorkerMake make) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "ConfigMap",
        ["metadata"] = new JsonObject
        {
            ["name"] = make.Worker.Templates,
            ["namespace"] = pool.Metadata.Namespace,
            ["labels"] = new JsonObject { [Labels.Pool] = pool.Metadata.Name },
            ["ownerReferences"] = new JsonArray(Owner(ResourceKind.Pools, pool)),
        },
        ["immutable"] = true,
        ["data"] = WorkerPod.Map(make.TemplateFiles),
    };

    internal static JsonObject Owner(ResourceKind kind, KubeObject owner) => new()
    {
        ["apiVersion"] = kind.ApiVersion,
        ["kind"] = kind.Kind,
        ["name"] = owner.Metadata.Name,
        ["uid"] = owner.Metadata.Uid,
        ["controller"] = true,
        ["blockOwnerDeletion"] = true,
    };

    /// <summary>A queue's name may be longer than a label's value; Kueue leaves the label away then, too.</summary>
    private static void AddQueue(List<KeyValuePair<string, string>> labels, string label, string queue)
    {
        if (queue.Length is > 0 and <= 63)
        {
            labels.Add(new(label, queue));
        }
    }

    private static JsonObject Metadata(Placement placement, IEnumerable<KeyValuePair<string, string>> labels)
    {
        var all = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in placement.Labels.Concat(labels))
        {
            all[key] = value;
        }

        return WorkerPod.WithoutNulls(new JsonObject { ["labels"] = WorkerPod.Map(all), ["annotations"] = WorkerPod.Map(placement.Annotations) });
    }

    private static string Short(string uid)
    {
        var plain = uid.Replace("-", "", StringComparison.Ordinal);
        return plain[..Math.Min(5, plain.Length)];
    }
}
