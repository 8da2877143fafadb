using System.ComponentModel;

namespace Sandcastle.Operator.Resources.Tenants;

/// <summary>What managers measured, together.</summary>
public sealed record UsedStatus
{
    [Description("CPU of the last ten seconds, as a rate: 1,000 is one core.")]
    public long CpuMillis { get; init; }

    [Description("The 95th percentile of the CPU of the last minute.")]
    public long CpuMillisP95 { get; init; }

    [Description("Memory limits of the runs under way, in MiB.")]
    public long CommittedMemoryMib { get; init; }

    [Description("Runs under way.")]
    public int Running { get; init; }

    [Description("Runs that wait for the tenant's own limits, lease or budget.")]
    public int Waiting { get; init; }

    [Description("When.")]
    public DateTimeOffset Time { get; init; }
}
