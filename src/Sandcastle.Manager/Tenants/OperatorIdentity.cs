using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Sandcastle.Link.Tls;

namespace Sandcastle.Manager.Tenants;

/// <summary>Our operator, known by its certificate: it may look at workers, and has no tenant.</summary>
internal static class OperatorIdentity
{
    private static readonly ClaimsPrincipal Claims = new(new ClaimsIdentity([new Claim("role", "operator")], "certificate"));

    /// <summary>Null for anybody else. The handshake has checked by then who issued the certificate, or there is none.</summary>
    internal static ClaimsPrincipal? Of(ConnectionInfo connection) =>
        connection.ClientCertificate is { } shown && TlsMaterial.NameOf(shown, PeerNames.Operator) is not null ? Claims : null;

    internal static bool Is(ClaimsPrincipal claims) => ReferenceEquals(claims, Claims);
}
