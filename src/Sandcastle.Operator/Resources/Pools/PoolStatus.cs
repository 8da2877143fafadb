using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Sandcastle.Operator.Resources.Schema;

namespace Sandcastle.Operator.Resources.Pools;

/// <summary>What there is of a pool.</summary>
public sealed record PoolStatus
{
    [Description("The generation of the pool that the rest was said about.")]
    [Range(0, long.MaxValue)]
    public long? ObservedGeneration { get; init; }

    [Description("Lots, whatever their phase.")]
    public int Lots { get; init; }

    [Description("Workers that have a Pod and are to keep it.")]
    public int Workers { get; init; }

    [Description("Workers whose Pod is ready.")]
    public int ReadyWorkers { get; init; }

    [Description("Workers that are wanted now.")]
    public int WantedWorkers { get; init; }

    [Description("Workers for which Kueue has reserved quota.")]
    public int Reserved { get; init; }

    [Description("Slots, as the managers last told; at most a write in ten seconds.")]
    public SlotCounts? Slots { get; init; }

    [Description("Label selector of the workers, for the scale subresource.")]
    [MaxLength(512)]
    public string? Selector { get; init; }

    [Description("Hash of what the workers are made of: lots with another one are being replaced.")]
    [MaxLength(63)]
    public string? Hash { get; init; }

    [Description("What holds.")]
    [MaxLength(16)]
    [List("map", "type")]
    public IReadOnlyList<Condition>? Conditions { get; init; }
}
