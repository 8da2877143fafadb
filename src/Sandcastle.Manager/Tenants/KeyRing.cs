using System.Security.Claims;
using Sandcastle.Manager.Tenants.Keys;

namespace Sandcastle.Manager.Tenants;

/// <summary>
/// Knows whose key a request carries: the server's own, from its file, and those that are stored, from a table in memory that is swapped as a
/// whole when one changes. Safe for concurrent use.
/// </summary>
/// <param name="key">The server's own: tenant <c>default</c>, every scope; null for nobody's.</param>
/// <param name="clock">Says when a key's time is over.</param>
public sealed class KeyRing(ApiKey? key, TimeProvider clock)
{
    private readonly Caller _owner = new(new Principal(Principal.DefaultTenant) { Scopes = ApiScopes.Admin }, "api-key");

    private volatile KeyTable _stored = KeyTable.Empty;

    /// <summary>Null for a wrong key.</summary>
    public ClaimsPrincipal? Authenticate(ReadOnlySpan<char> offered) => key?.Matches(offered) == true ? _owner : _stored.Find(offered, clock);

    /// <summary>Claims of somebody who has proven in another way who he is.</summary>
    public static ClaimsPrincipal Claims(Principal principal) => new Caller(principal, "vouched");

    /// <summary>The principal behind claims that this class gave out.</summary>
#pragma warning disable CA1822 // Asked of a ring: who else may say whose claims these are?
    public Principal Resolve(ClaimsPrincipal? claims) =>
        (claims as Caller)?.Principal ?? throw new InvalidOperationException("the request passed without a tenant");
#pragma warning restore CA1822

    /// <summary>These keys are good from now on, and no others.</summary>
    internal void Take(IReadOnlyList<StoredKey> keys) => _stored = new KeyTable(keys);
}
