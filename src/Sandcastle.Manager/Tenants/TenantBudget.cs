namespace Sandcastle.Manager.Tenants;

/// <summary>What a tenant may use up in each calendar period (UTC).</summary>
public sealed record TenantBudget
{
    public BudgetAmount Hour { get; init; } = new(null, null);

    public BudgetAmount Day { get; init; } = new(null, null);

    public BudgetAmount Month { get; init; } = new(null, null);
}
