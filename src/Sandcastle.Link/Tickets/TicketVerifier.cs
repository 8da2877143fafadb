using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Sandcastle.Link.Tls;

namespace Sandcastle.Link.Tickets;

/// <summary>Checks tickets for one worker, offline: signature, signer, worker and time. Safe for concurrent use.</summary>
public sealed class TicketVerifier(string worker, TlsDirectory files, TimeProvider clock)
{
    /// <summary>Clocks of nodes differ.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(5);

    /// <summary>Larger ones are not looked at.</summary>
    private const int MostCharacters = 8 * 1024;

    /// <returns>The ticket, or null and why not, as half a sentence.</returns>
    public async Task<(Ticket? Ticket, string? Reason)> VerifyAsync(string text)
    {
        if (text.Length > MostCharacters)
        {
            return (null, $"is longer than {MostCharacters} characters");
        }

        var result = await new JsonWebTokenHandler { MapInboundClaims = false }.ValidateTokenAsync(text, Rules());
        return result.IsValid && result.Claims.TryGetValue(TicketIssuer.TenantClaim, out var tenant) && tenant is string { Length: > 0 } name
            ? (new Ticket(name, worker), null)
            : (null, Reason(result.Exception));
    }

    private TokenValidationParameters Rules() => new()
    {
        ValidIssuer = TicketIssuer.Issuer,
        ValidAudience = Ticket.Audience(files.Current.WorkerName, worker),
        ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
        RequireExpirationTime = true,
        RequireSignedTokens = true,
        ClockSkew = Skew,
        LifetimeValidator = (from, until, _, _) => InTime(from, until),
        IssuerSigningKeyResolver = (_, token, _, _) => SignerOf(token) is { } key ? [key] : [],
    };

    private bool InTime(DateTime? from, DateTime? until)
    {
        var now = clock.GetUtcNow().UtcDateTime;

        // However long a ticket says it lives, it does not live longer than tickets do.
        return from is { } start && until is { } end
            && start <= now + Skew && now <= end + Skew && end - start <= Ticket.Lifetime;
    }

    /// <summary>The key in the ticket, where its certificate is a manager's.</summary>
    private ECDsaSecurityKey? SignerOf(SecurityToken token)
    {
        if (token is not JsonWebToken jwt
            || !jwt.TryGetHeaderValue<List<string>>(TicketIssuer.CertificateHeader, out var chain) || chain is not [var text])
        {
            return null;
        }

        try
        {
            using var signer = X509CertificateLoader.LoadCertificate(Convert.FromBase64String(text));
            return files.Current.Accepts(signer, PeerNames.Manager) && signer.GetECDsaPublicKey() is { } key
                ? new ECDsaSecurityKey(key) { CryptoProviderFactory = new CryptoProviderFactory { CacheSignatureProviders = false } }
                : null;
        }
        catch (Exception e) when (e is FormatException or CryptographicException)
        {
            return null;
        }
    }

    private static string Reason(Exception? failure) => failure switch
    {
        SecurityTokenInvalidLifetimeException or SecurityTokenExpiredException or SecurityTokenNotYetValidException => "has ended, or not begun",
        SecurityTokenInvalidAudienceException => "is for another worker",
        SecurityTokenSignatureKeyNotFoundException or SecurityTokenInvalidSignatureException => "was not signed by a manager that this worker believes",
        _ => "is no ticket",
    };
}
