namespace Sandcastle.Manager.Tenants;

/// <summary>An amount of each measured good; null is no limit.</summary>
/// <param name="CpuSeconds">Of the billed figure of receipts.</param>
/// <param name="GibSeconds">Of the memory integral of receipts.</param>
public sealed record BudgetAmount(double? CpuSeconds, double? GibSeconds);
