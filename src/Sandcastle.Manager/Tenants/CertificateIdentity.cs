using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Sandcastle.Link.Tls;

namespace Sandcastle.Manager.Tenants;

/// <summary>One of ours, known by its certificate. It has no tenant, and opens what is marked for it alone.</summary>
internal sealed class CertificateIdentity
{
    private readonly ClaimsPrincipal _claims;
    private readonly string _name;

    private CertificateIdentity(string role, string name)
    {
        _claims = new ClaimsPrincipal(new ClaimsIdentity([new Claim("role", role)], "certificate"));
        _name = name;
    }

    /// <summary>Our operator, who may look at workers.</summary>
    public static CertificateIdentity Operator { get; } = new("operator", PeerNames.Operator);

    /// <summary>Another manager, who asks for its callers, each of whom it has checked.</summary>
    public static CertificateIdentity Manager { get; } = new("manager", PeerNames.Manager);

    /// <summary>Null for anybody else. The handshake has checked by then who issued the certificate, or there is none.</summary>
    public ClaimsPrincipal? Of(ConnectionInfo connection) =>
        connection.ClientCertificate is { } shown && TlsMaterial.NameOf(shown, _name) is not null ? _claims : null;

    public bool Is(ClaimsPrincipal claims) => ReferenceEquals(claims, _claims);
}
