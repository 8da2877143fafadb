namespace Sandcastle.Manager.Tenants.Enforcement;

/// <summary>What a refusal may name.</summary>
/// <param name="Hold">The limits in force.</param>
/// <param name="Running">Runs under way.</param>
/// <param name="Committed">Their memory limits, in bytes.</param>
/// <param name="Waiting">Runs in the tenant's line.</param>
/// <param name="CpuDebtSeconds">CPU used ahead of its rate.</param>
/// <param name="Spent">The budget period that is spent.</param>
internal readonly record struct TenantFigures(TenantHold Hold, int Running, long Committed, int Waiting, double CpuDebtSeconds, PeriodUse? Spent);
