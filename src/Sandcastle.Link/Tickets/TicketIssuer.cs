using System.Security.Cryptography.X509Certificates;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Sandcastle.Link.Tls;

namespace Sandcastle.Link.Tickets;

/// <summary>
/// Signs tickets with the manager's own certificate, which travels in the ticket (a JWT, RFC 7519, ES256, header <c>x5c</c>): a worker believes its
/// authority alone, needs no other key, and asks nobody. Safe for concurrent use.
/// </summary>
public sealed class TicketIssuer(TlsDirectory files, TimeProvider clock)
{
    internal const string Issuer = "sandcastle-manager";
    internal const string TenantClaim = "tenant";
    internal const string CertificateHeader = "x5c";

    /// <returns>The ticket, and when it ends.</returns>
    public (string Text, DateTimeOffset ExpiresAt) Issue(Ticket ticket)
    {
        var own = files.Current.Own;
        var now = clock.GetUtcNow();
        var expires = now + Ticket.Lifetime;
        var key = own.GetECDsaPrivateKey() ?? throw new InvalidOperationException("the manager's certificate has no ECDSA key; tickets are signed with ES256");
        var description = new SecurityTokenDescriptor
        {
            Issuer = Issuer,
            Audience = Ticket.Audience(PeerNames.WorkerOf(ticket.Namespace), ticket.Worker),
            IssuedAt = now.UtcDateTime,
            NotBefore = now.UtcDateTime,
            Expires = expires.UtcDateTime,
            Claims = new Dictionary<string, object>(StringComparer.Ordinal) { [TenantClaim] = ticket.Tenant, [JwtRegisteredClaimNames.Jti] = Guid.NewGuid().ToString("N") },
            SigningCredentials = new SigningCredentials(new ECDsaSecurityKey(key), SecurityAlgorithms.EcdsaSha256)
            {
                // Keys come and go with the certificate's rotation; a cache would hold on to them.
                CryptoProviderFactory = new CryptoProviderFactory { CacheSignatureProviders = false },
            },
            AdditionalHeaderClaims = new Dictionary<string, object>(StringComparer.Ordinal)
            {
                [CertificateHeader] = new[] { Convert.ToBase64String(own.RawData) },
            },
        };
        return (new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(description), expires);
    }
}
