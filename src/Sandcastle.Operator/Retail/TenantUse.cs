using Sandcastle.Protocol.Rest;

namespace Sandcastle.Operator.Retail;

/// <summary>What all managers together say of one tenant.</summary>
public sealed record TenantUse
{
    public int Running { get; init; }

    public int Waiting { get; init; }

    /// <summary>1,000 is one core.</summary>
    public long CpuMillis { get; init; }

    /// <summary>The sum of the managers' own percentiles: not below that of the sum, and above it only where their peaks fall apart.</summary>
    public long CpuMillisP95 { get; init; }

    public long CommittedMemoryMib { get; init; }

    public long WaitingMemoryMib { get; init; }

    /// <summary>Some run was held back for the lease.</summary>
    public bool Pressed { get; init; }

    public bool BudgetSpent { get; init; }

    public DateTimeOffset? BudgetRefillsAt { get; init; }

    internal static TenantUse Sum(IEnumerable<TenantUseResponse> reports) => reports.Aggregate(new TenantUse(), (sum, report) => new TenantUse
    {
        Running = sum.Running + report.Running,
        Waiting = sum.Waiting + report.Waiting,
        CpuMillis = sum.CpuMillis + report.CpuMillis,
        CpuMillisP95 = sum.CpuMillisP95 + report.CpuMillisP95,
        CommittedMemoryMib = sum.CommittedMemoryMib + report.CommittedMemoryMib,
        WaitingMemoryMib = sum.WaitingMemoryMib + report.WaitingMemoryMib,
        Pressed = sum.Pressed || report.Pressed,
        BudgetSpent = sum.BudgetSpent || report.BudgetSpent,
        BudgetRefillsAt = report.BudgetSpent && !(sum.BudgetRefillsAt > report.BudgetRefillsAt) ? report.BudgetRefillsAt : sum.BudgetRefillsAt,
    });
}
