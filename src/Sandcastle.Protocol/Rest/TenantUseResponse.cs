namespace Sandcastle.Protocol.Rest;

/// <summary>What one tenant uses and wants, as the manager that answers sees it.</summary>
public sealed record TenantUseResponse
{
    public required string Tenant { get; init; }

    /// <summary>Runs under way.</summary>
    public required int Running { get; init; }

    /// <summary>Runs held back for the tenant's own limits, its lease or its budget.</summary>
    public required int Waiting { get; init; }

    /// <summary>Measured CPU as a rate, mean of the last 10 s; 1,000 is one core.</summary>
    public required long CpuMillis { get; init; }

    /// <summary>The 95th percentile of the measured CPU of the last 60 seconds, one sample a second.</summary>
    public required long CpuMillisP95 { get; init; }

    /// <summary>Memory limits of the runs under way, in MiB.</summary>
    public required long CommittedMemoryMib { get; init; }

    /// <summary>Memory limits of the runs that wait, in MiB.</summary>
    public required long WaitingMemoryMib { get; init; }

    /// <summary>A run was held back or refused for the lease in the last 2 s: more is wanted than is leased.</summary>
    public required bool Pressed { get; init; }

    /// <summary>Nothing more is served before <c>budgetRefillsAt</c>.</summary>
    public required bool BudgetSpent { get; init; }

    public DateTimeOffset? BudgetRefillsAt { get; init; }
}
