using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Sandcastle.Link.Tls;

namespace Sandcastle.Manager.Peers;

/// <summary>Another manager, known by its certificate: it asks for its callers, each of whom it has checked, and has no tenant itself.</summary>
internal static class PeerIdentity
{
    private static readonly ClaimsPrincipal Claims = new(new ClaimsIdentity([new Claim("role", "manager")], "certificate"));

    /// <summary>Null for anybody else. The handshake has checked by then who issued the certificate, or there is none.</summary>
    internal static ClaimsPrincipal? Of(ConnectionInfo connection) =>
        connection.ClientCertificate is { } shown && TlsMaterial.NameOf(shown, PeerNames.Manager) is not null ? Claims : null;

    internal static bool Is(ClaimsPrincipal claims) => ReferenceEquals(claims, Claims);
}
