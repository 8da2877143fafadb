using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Sandcastle.Operator.Resources.Tenants;

/// <summary>What Kueue has admitted for a tenant.</summary>
public sealed record LeaseStatus
{
    [Description("Credits that are admitted.")]
    public int Credits { get; init; }

    [Description("The CPU of these, as a rate: 1,000 is one core.")]
    public long CpuMillis { get; init; }

    [Description("The memory of these, in MiB.")]
    public long MemoryMib { get; init; }

    [Description("Workloads that are admitted or wait.")]
    public int Workloads { get; init; }

    [Description("Why there is not more, in one sentence; absent when what was asked for is admitted.")]
    [MaxLength(1024)]
    public string? Waiting { get; init; }
}
