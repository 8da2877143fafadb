using System.Security.Claims;

namespace Sandcastle.Manager.Tenants;

/// <summary>Knows whose key a request carries. One key, one tenant, as yet; null for nobody's.</summary>
public sealed class KeyRing(ApiKey? key)
{
    private const string TenantClaim = "tenant";

    private readonly Principal _principal = new(Principal.DefaultTenant);

    private readonly ClaimsPrincipal _claims = new(new ClaimsIdentity([new Claim(TenantClaim, Principal.DefaultTenant)], "api-key"));

    /// <summary>Null for a wrong key.</summary>
    public ClaimsPrincipal? Authenticate(ReadOnlySpan<char> offered) => key?.Matches(offered) == true ? _claims : null;

    /// <summary>Claims of somebody who has proven in another way who he is.</summary>
    public static ClaimsPrincipal Claims(Principal principal) => new(new ClaimsIdentity([new Claim(TenantClaim, principal.Tenant)], "vouched"));

    /// <summary>The principal behind claims that <see cref="Authenticate"/> gave out.</summary>
    public Principal Resolve(ClaimsPrincipal? claims) =>
        ReferenceEquals(claims, _claims)
            ? _principal
            : new Principal(claims?.FindFirst(TenantClaim)?.Value ?? throw new InvalidOperationException("the request passed without a tenant"));
}
