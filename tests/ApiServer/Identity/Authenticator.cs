using Microsoft.AspNetCore.Http;
using Sandcastle.Testing.ApiServer.Errors;
using Sandcastle.Testing.ApiServer.Tokens;

namespace Sandcastle.Testing.ApiServer.Identity;

/// <summary>Finds out who calls: by client certificate, user's token, or a service account's token.</summary>
internal sealed class Authenticator(UserDirectory users, TokenIssuer tokens, bool anonymousIsAdmin)
{
    /// <exception cref="ApiException">401: a token that nobody has.</exception>
    public Caller Identify(HttpContext http)
    {
        if (http.Connection.ClientCertificate is { } certificate)
        {
            var groups = certificate.SubjectName.EnumerateRelativeDistinguishedNames()
                .Where(one => one.GetSingleElementType().Value == "2.5.4.10").Select(one => one.GetSingleElementValue() ?? "");
            return new Caller(certificate.GetNameInfo(System.Security.Cryptography.X509Certificates.X509NameType.SimpleName, false), "", [.. groups, "system:authenticated"]);
        }

        var header = http.Request.Headers.Authorization.ToString();
        if (header.Length == 0)
        {
            return anonymousIsAdmin ? Caller.Admin : Caller.Anonymous;
        }

        return header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) && Find(header["Bearer ".Length..].Trim()) is { } caller
            ? caller
            : throw new ApiException(401, "Unauthorized", "Unauthorized");
    }

    private Caller? Find(string token) => users.Find(token)?.Caller ?? tokens.Check(token, [TokenIssuer.ServerAudience]).Caller;
}
