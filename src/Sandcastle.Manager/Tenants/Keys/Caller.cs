using System.Security.Claims;

namespace Sandcastle.Manager.Tenants.Keys;

/// <summary>Claims of somebody who is known (<c>tenant</c>, and a <c>scope</c> for each), with the principal that they stand for: nothing is parsed again on the way.</summary>
internal sealed class Caller(Principal principal, string how) : ClaimsPrincipal(new ClaimsIdentity(
    [new Claim("tenant", principal.Tenant), .. ScopeNames.Of(principal.Scopes).Select(scope => new Claim("scope", scope))], how))
{
    public Principal Principal { get; } = principal;
}
