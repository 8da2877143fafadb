using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Sandcastle.Operator.Resources.Schema;

namespace Sandcastle.Operator.Resources.Pools;

/// <summary>Kueue's topology request of a lot's pod set.</summary>
[Rule("(has(self.required) ? 1 : 0) + (has(self.preferred) ? 1 : 0) + (has(self.unconstrained) ? 1 : 0) == 1", "exactly one of required, preferred and unconstrained must be set")]
public sealed record TopologyRequest
{
    [Description("The level (a node label) within one domain of which a lot must fit.")]
    [MinLength(1)]
    [MaxLength(63)]
    public string? Required { get; init; }

    [Description("The level within one domain of which a lot should fit.")]
    [MinLength(1)]
    [MaxLength(63)]
    public string? Preferred { get; init; }

    [Description("Anywhere in the topology where there is room.")]
    public bool? Unconstrained { get; init; }
}
