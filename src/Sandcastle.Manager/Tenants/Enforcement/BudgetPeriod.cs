namespace Sandcastle.Manager.Tenants.Enforcement;

/// <summary>The periods of <see cref="TenantBudget"/>.</summary>
internal enum BudgetPeriod
{
    Hour,
    Day,
    Month,
}
