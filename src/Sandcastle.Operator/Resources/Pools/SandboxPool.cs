using System.ComponentModel;
using Sandcastle.Operator.Resources.Schema;

namespace Sandcastle.Operator.Resources.Pools;

/// <summary>Workers of one kind, bought from a Kueue queue in lots.</summary>
[Defined("sandboxpools", "sbp", ReplicasPath = ".spec.workers.desired", StatusReplicasPath = ".status.workers", SelectorPath = ".status.selector")]
[Description("Workers of one kind that keep slots of some templates ready, bought from a Kueue queue in lots.")]
[Column("Queue", ".spec.queueName")]
[Column("Lots", ".status.lots", "integer")]
[Column("Workers", ".status.workers", "integer")]
[Column("Ready", ".status.readyWorkers", "integer")]
[Column("Busy", ".status.slots.busy", "integer")]
[Column("Slots", ".status.slots.total", "integer")]
[Column("Status", ".status.conditions[?(@.type=='Ready')].reason")]
[Column("Age", ".metadata.creationTimestamp", "date")]
[Column("Message", ".status.conditions[?(@.type=='Ready')].message", Priority = 1)]
[Rule("self.metadata.name.matches('^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$')", "the name must be at most 40 lower-case letters, digits and dashes, since lots, workloads and pods are named after it")]
public sealed record SandboxPool : KubeObject
{
    [Description("What is wanted.")]
    public required PoolSpec Spec { get; init; }

    [Description("What there is.")]
    public PoolStatus? Status { get; init; }
}
