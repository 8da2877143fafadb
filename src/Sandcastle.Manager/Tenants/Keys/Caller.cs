using System.Security.Claims;

namespace Sandcastle.Manager.Tenants.Keys;

/// <summary>Claims of somebody who is known, with the principal that they stand for: nothing is parsed again on the way.</summary>
internal sealed class Caller(Principal principal, string how) : ClaimsPrincipal(new ClaimsIdentity([new Claim("tenant", principal.Tenant)], how))
{
    public Principal Principal { get; } = principal;
}
