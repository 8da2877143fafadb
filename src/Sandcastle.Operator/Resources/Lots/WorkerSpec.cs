using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Sandcastle.Operator.Resources.Pools;

namespace Sandcastle.Operator.Resources.Lots;

/// <summary>What a worker's Pod is made of: the pool's fields as they were when the lot was bought.</summary>
public sealed record WorkerSpec
{
    [Description("Image of the worker.")]
    [MinLength(1)]
    [MaxLength(1024)]
    public required string Image { get; init; }

    [Description("Requests and limits.")]
    public required WorkerResources Resources { get; init; }

    [Description("Slots at most.")]
    [Range(1, 10_000)]
    public required int SlotsPerWorker { get; init; }

    [Description("ConfigMap, of the same namespace, with the template files.")]
    [MinLength(1)]
    [MaxLength(253)]
    public required string Templates { get; init; }

    [Description("RuntimeClass; an empty one is the node's own.")]
    [MaxLength(253)]
    public string? RuntimeClassName { get; init; }

    [Description("Seconds that a worker has between the order to end and its end.")]
    [Range(1, 86_400)]
    public required int TerminationGraceSeconds { get; init; }

    [Description("What else goes into the Pod.")]
    public PodOverrides? Overrides { get; init; }
}
