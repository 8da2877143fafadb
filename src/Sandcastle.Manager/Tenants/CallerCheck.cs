using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Sandcastle.Protocol.Refusals;

namespace Sandcastle.Manager.Tenants;

/// <summary>A manager's check: an API key, else a token that somebody vouches for, else the certificate of our operator or of another manager.</summary>
internal sealed class CallerCheck(KeyRing keys, ITokenReview? tokens = null) : ICallerCheck
{
    public ValueTask<ClaimsPrincipal> CheckAsync(HttpContext context)
    {
        if (CallerHeaders.Read(context.Request) is not var (header, secret))
        {
            return (CertificateIdentity.Operator.Of(context.Connection) ?? CertificateIdentity.Manager.Of(context.Connection)) is { } claims
                ? ValueTask.FromResult(claims)
                : throw Unauthenticated(tokens is null
                    ? "a key is missing: send 'Authorization: Bearer KEY' or 'X-API-Key: KEY'; the server's is in <data-dir>/api-key"
                    : $"a token is missing: send a Kubernetes token for audience sandcastle as '{CallerHeaders.Token}: TOKEN', or an API key as 'X-API-Key: KEY'");
        }

        if (keys.Authenticate(secret) is { } known)
        {
            return ValueTask.FromResult(known);
        }

        return tokens is null || header == CallerHeaders.Key
            ? throw Unauthenticated($"the key in {header} is not valid")
            : ReviewAsync(tokens, header, secret, context.RequestAborted);
    }

    private static async ValueTask<ClaimsPrincipal> ReviewAsync(ITokenReview review, string header, string token, CancellationToken cancellationToken)
    {
        var (principal, reason) = await review.ReviewAsync(token, cancellationToken);
        if (principal is null)
        {
            throw Unauthenticated($"the token in {header} {reason}");
        }

        return TenantName.IsValid(principal.Tenant) ? KeyRing.Claims(principal) : throw new RefusalException(new Refusal
        {
            Kind = RefusalKind.Forbidden,
            Detail = $"namespace '{principal.Tenant}', whose token is in {header}, cannot be a tenant: a tenant's name {TenantName.Form}",
        });
    }

    private static RefusalException Unauthenticated(string detail) =>
        new(new Refusal { Kind = RefusalKind.Unauthenticated, Detail = detail });
}
