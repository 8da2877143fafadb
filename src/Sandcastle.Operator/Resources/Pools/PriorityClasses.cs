using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Sandcastle.Operator.Resources.Pools;

/// <summary>A lot is worth less while all its workers are idle, so that preemption takes idle capacity first.</summary>
public sealed record PriorityClasses
{
    [Description("Of lots in which every worker is idle.")]
    [MinLength(1)]
    [MaxLength(253)]
    public required string Warm { get; init; }

    [Description("Of lots in which a worker is busy.")]
    [MinLength(1)]
    [MaxLength(253)]
    public required string Busy { get; init; }
}
