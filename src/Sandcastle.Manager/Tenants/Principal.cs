using Sandcastle.Manager.Tenants.Keys;

namespace Sandcastle.Manager.Tenants;

/// <summary>Who makes a request, once that is proven.</summary>
/// <param name="Tenant">Who is charged.</param>
public sealed record Principal(string Tenant)
{
    /// <summary>The tenant of the key that the first start makes.</summary>
    public const string DefaultTenant = "default";

    /// <summary>What it may do. Default: what a tenant does for itself.</summary>
    public ApiScopes Scopes { get; init; } = ApiScopes.Run | ApiScopes.Read;

    /// <summary>Has these scopes; admin has every one.</summary>
    public bool May(ApiScopes scope) => Scopes.HasFlag(ApiScopes.Admin) || Scopes.HasFlag(scope);
}
