namespace Sandcastle.Protocol.Rest;

/// <summary>An amount of each measured good; absent is no limit, 0 is nothing.</summary>
public sealed record BudgetAmountRequest
{
    /// <summary>Of the billed figure of receipts.</summary>
    public double? CpuSeconds { get; init; }

    /// <summary>Of the memory integral of receipts.</summary>
    public double? GibSeconds { get; init; }
}
