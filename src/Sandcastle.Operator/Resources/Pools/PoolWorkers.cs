using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Sandcastle.Operator.Resources.Schema;

namespace Sandcastle.Operator.Resources.Pools;

/// <summary>Bounds of a pool.</summary>
[Rule("self.min <= self.max", "min must not be above max")]
public sealed record PoolWorkers
{
    [Description("Workers at least.")]
    [Range(0, 10_000)]
    [DefaultValue(0)]
    public int Min { get; init; }

    [Description("Workers at most.")]
    [Range(0, 10_000)]
    [DefaultValue(8)]
    public int Max { get; init; } = 8;

    [Description("Workers in a lot, which Kueue admits, preempts and counts as one.")]
    [Range(1, 64)]
    [DefaultValue(4)]
    public int PerLot { get; init; } = 4;

    [Description("Workers that a person asks for, by kubectl scale: a floor, held between min and max.")]
    [Range(0, 10_000)]
    public int? Desired { get; init; }
}
