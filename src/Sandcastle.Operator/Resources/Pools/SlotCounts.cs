using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Sandcastle.Operator.Resources.Pools;

/// <summary>Slots of a pool's workers.</summary>
public sealed record SlotCounts
{
    [Description("Prepared, and waiting for work.")]
    [Range(0, int.MaxValue)]
    public int Ready { get; init; }

    [Description("At work.")]
    [Range(0, int.MaxValue)]
    public int Busy { get; init; }

    [Description("What the workers can have at most.")]
    [Range(0, int.MaxValue)]
    public int Total { get; init; }

    [Description("When these were counted.")]
    public DateTimeOffset? Time { get; init; }
}
