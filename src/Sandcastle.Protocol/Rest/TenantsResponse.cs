namespace Sandcastle.Protocol.Rest;

/// <summary>Answer of <c>GET /v1/tenants</c>: the tenants with terms of their own, by name.</summary>
/// <param name="Tenants">Each as <c>GET /v1/tenants/{name}</c> tells it.</param>
/// <param name="Defaults">The terms of every other.</param>
public sealed record TenantsResponse(IReadOnlyList<TenantResponse> Tenants, TenantRequest Defaults);
