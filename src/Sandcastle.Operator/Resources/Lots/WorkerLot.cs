using System.ComponentModel;
using Sandcastle.Operator.Resources.Schema;

namespace Sandcastle.Operator.Resources.Lots;

/// <summary>A batch of workers that is one Kueue Workload: the unit in which capacity is bought.</summary>
[Defined("workerlots", "wlot")]
[Description("A batch of workers that is one Kueue Workload. Made, changed and deleted by the operator.")]
[Column("Pool", ".spec.pool")]
[Column("Phase", ".status.phase")]
[Column("Ready", ".status.readyWorkers", "integer")]
[Column("Workers", ".status.workers", "integer")]
[Column("Reclaimed", ".status.reclaimed", "integer")]
[Column("Workload", ".status.workload", Priority = 1)]
[Column("Message", ".status.conditions[?(@.type=='Admitted')].message", Priority = 1)]
[Column("Age", ".metadata.creationTimestamp", "date")]
public sealed record WorkerLot : KubeObject
{
    [Description("What was bought.")]
    public required LotSpec Spec { get; init; }

    [Description("What became of it.")]
    public LotStatus? Status { get; init; }
}
