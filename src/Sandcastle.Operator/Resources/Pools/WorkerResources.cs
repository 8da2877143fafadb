using System.ComponentModel;
using Sandcastle.Operator.Resources.Schema;

namespace Sandcastle.Operator.Resources.Pools;

/// <summary>What one worker requests and is limited to. Quota that is bought is above nothing: less would give others' back.</summary>
[Rule("quantity(string(self.cpu)).isGreaterThan(quantity('0'))", "cpu must be above 0")]
[Rule("quantity(string(self.memory)).compareTo(quantity('1Mi')) >= 0", "memory must be at least 1Mi")]
public sealed record WorkerResources
{
    [Description("Processors.")]
    public required Quantity Cpu { get; init; }

    [Description("Memory: slots, their disks, and what keeps them warm.")]
    public required Quantity Memory { get; init; }
}
