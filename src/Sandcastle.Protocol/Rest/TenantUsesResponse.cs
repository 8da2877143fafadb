namespace Sandcastle.Protocol.Rest;

/// <summary>Answer of <c>GET /v1/tenants/use</c>: the tenants that have done or asked anything in the last minute, and those whose budget is spent.</summary>
public sealed record TenantUsesResponse
{
    /// <summary>Who answers; one of several managers knows its own part.</summary>
    public required string Manager { get; init; }

    public required IReadOnlyList<TenantUseResponse> Tenants { get; init; }
}
