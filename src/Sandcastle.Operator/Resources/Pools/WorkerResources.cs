using System.ComponentModel;

namespace Sandcastle.Operator.Resources.Pools;

/// <summary>What one worker requests and is limited to.</summary>
public sealed record WorkerResources
{
    [Description("Processors.")]
    public required Quantity Cpu { get; init; }

    [Description("Memory: slots, their disks, and what keeps them warm.")]
    public required Quantity Memory { get; init; }
}
