namespace Sandcastle.Protocol.Rest;

/// <summary>What a tenant may use in each calendar period (UTC); absent is no limit.</summary>
public sealed record TenantBudgetRequest
{
    public BudgetAmountRequest? Hour { get; init; }

    public BudgetAmountRequest? Day { get; init; }

    public BudgetAmountRequest? Month { get; init; }
}
