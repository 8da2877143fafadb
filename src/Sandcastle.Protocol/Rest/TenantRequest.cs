namespace Sandcastle.Protocol.Rest;

/// <summary>Body of <c>PUT /v1/tenants/{name}</c>: all of a tenant's terms; what is absent is no limit. Replaces what was there.</summary>
public record TenantRequest
{
    /// <summary>Share under overload, against the weights of others; 1 (default) to 1,000.</summary>
    public int? Weight { get; init; }

    public TenantLimitsRequest? Limits { get; init; }

    public TenantBudgetRequest? Budget { get; init; }

    /// <summary>The templates that the tenant may use and sees; absent for all.</summary>
    public IReadOnlyList<string>? Templates { get; init; }
}
