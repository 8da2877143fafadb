using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Sandcastle.Operator.Resources.Schema;

namespace Sandcastle.Operator.Resources.Pools;

/// <summary>What is wanted of a pool.</summary>
[Rule("has(self.managedBy) == has(oldSelf.managedBy) && (!has(self.managedBy) || self.managedBy == oldSelf.managedBy)", "managedBy is immutable")]
public sealed record PoolSpec
{
    [Description("SandboxTemplates of the same namespace that the workers keep slots of.")]
    [MinLength(1)]
    [MaxLength(32)]
    [List("set")]
    [Items(MinLength = 1, MaxLength = 63, Pattern = "^[a-z][a-z0-9-]*$")]
    public required IReadOnlyList<string> Templates { get; init; }

    [Description("The LocalQueue, of the same namespace, that lots are bought from.")]
    [MinLength(1)]
    [MaxLength(253)]
    [RegularExpression("^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$")]
    public required string QueueName { get; init; }

    [Description("How many workers.")]
    [DefaultValue("{}")]
    public PoolWorkers Workers { get; init; } = new();

    [Description("What each worker requests; its limits are the same.")]
    public required WorkerResources Resources { get; init; }

    [Description("Slots that each worker has at most.")]
    [Range(1, 10_000)]
    [DefaultValue(250)]
    public int SlotsPerWorker { get; init; } = 250;

    [Description("Slots kept ready ahead of demand, in all.")]
    [Range(0, 1_000_000)]
    [DefaultValue(50)]
    public int Ready { get; init; } = 50;

    [Description("WorkloadPriorityClasses of lots that wait and of lots that work; lots have no priority without.")]
    public PriorityClasses? PriorityClasses { get; init; }

    [Description("When workers come and go.")]
    [DefaultValue("{}")]
    public PoolScaling Scaling { get; init; } = new();

    [Description("Image of the workers.")]
    [MinLength(1)]
    [MaxLength(1024)]
    public required string Image { get; init; }

    [Description("RuntimeClass of the workers; an empty one is the node's own.")]
    [MaxLength(253)]
    [DefaultValue("sandcastle")]
    public string RuntimeClassName { get; init; } = "sandcastle";

    [Description("How Kueue may place a lot's workers in a topology.")]
    public TopologyRequest? Topology { get; init; }

    [Description("What else goes into every worker's Pod.")]
    public PodOverrides? PodOverrides { get; init; }

    [Description("Who makes the workers; left alone by this operator when it is another, such as kueue.x-k8s.io/multikueue.")]
    [MinLength(1)]
    [MaxLength(63)]
    public string? ManagedBy { get; init; }
}
