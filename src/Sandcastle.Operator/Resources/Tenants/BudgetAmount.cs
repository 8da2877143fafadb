using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Sandcastle.Operator.Resources.Tenants;

/// <summary>An amount of each measured good; what is absent is no limit, and 0 is nothing at all.</summary>
public sealed record BudgetAmount
{
    [Description("CPU time, in seconds.")]
    [Range(0.0, 1e12)]
    public double? CpuSeconds { get; init; }

    [Description("Memory over time, in GiB-seconds.")]
    [Range(0.0, 1e12)]
    public double? GibSeconds { get; init; }
}
