using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Sandcastle.Operator.Resources.Schema;

namespace Sandcastle.Operator.Resources.Pools;

/// <summary>Bounds of a pool.</summary>
// The API server tries the rule on the default itself, before the defaults within it.
[Rule("!has(self.min) || !has(self.max) || self.min <= self.max", "min must not be above max")]
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

    /// <summary>Always there, since the API server's scale subresource reads nothing else.</summary>
    [Description("Workers that a person asks for, by kubectl scale: a floor, held between min and max.")]
    [Range(0, 10_000)]
    [DefaultValue(0)]
    public int Desired { get; init; }
}
