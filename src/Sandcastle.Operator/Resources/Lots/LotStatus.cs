using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Sandcastle.Operator.Resources.Schema;

namespace Sandcastle.Operator.Resources.Lots;

/// <summary>What became of a lot.</summary>
public sealed record LotStatus
{
    [Description("Pending: waits for quota. Admitted: has it, and its Pods are being made. Running: has ready workers. Draining: is being emptied. Released: was emptied, and has given the quota back. Finished: is over.")]
    [OneOf(LotPhase.Pending, LotPhase.Admitted, LotPhase.Running, LotPhase.Draining, LotPhase.Released, LotPhase.Finished)]
    public string? Phase { get; init; }

    [Description("The generation of the lot that the rest was said about.")]
    [Range(0, long.MaxValue)]
    public long? ObservedGeneration { get; init; }

    [Description("The lot's Workload.")]
    [MaxLength(253)]
    public string? Workload { get; init; }

    [Description("Workers that have a Pod.")]
    public int Workers { get; init; }

    [Description("Workers whose Pod is ready.")]
    public int ReadyWorkers { get; init; }

    [Description("Workers whose quota was handed back before the lot's end.")]
    public int Reclaimed { get; init; }

    [Description("What holds.")]
    [MaxLength(16)]
    [List("map", "type")]
    public IReadOnlyList<Condition>? Conditions { get; init; }
}
