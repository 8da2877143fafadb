using System.Collections.Concurrent;
using System.Security.Cryptography;
using Sandcastle.Testing.ApiServer.Identity;
using Sandcastle.Testing.ApiServer.Resources;
using Sandcastle.Testing.ApiServer.Storage;

namespace Sandcastle.Testing.ApiServer.Tokens;

/// <summary>Issues opaque tokens for service accounts, and says later what they are worth.</summary>
/// <remarks>The real server issues JSON web tokens; clients must not look into either.</remarks>
public sealed class TokenIssuer(ObjectStore store, UserDirectory users, TimeProvider time)
{
    /// <summary>The audience of the API server itself.</summary>
    public const string ServerAudience = "https://kubernetes.default.svc";

    private readonly ConcurrentDictionary<string, Grant> _grants = new();

    public string Issue(StoredObject account, IReadOnlyList<string> audiences, DateTimeOffset expires)
    {
        var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        _grants[token] = new Grant(account.Key, account.Uid, audiences, expires);
        return token;
    }

    /// <summary>Accepts a token that has not expired, whose account is still the same one, and that is meant for one of the audiences.</summary>
    public TokenCheck Check(string token, IReadOnlyList<string> audiences)
    {
        if (users.Find(token) is { } user)
        {
            // A user's token knows no audience: it is good for the server's own.
            return audiences.Contains(ServerAudience)
                ? new TokenCheck(user.Caller, [ServerAudience], "")
                : Refused($"token audiences [\"{ServerAudience}\"] is invalid for the target audiences [{Print(audiences)}]");
        }

        if (!_grants.TryGetValue(token, out var grant))
        {
            return Refused("invalid bearer token");
        }

        if (grant.Expires <= time.GetUtcNow())
        {
            return Refused("[invalid bearer token, service account token has expired]");
        }

        if (store.Get(BuiltInResources.ServiceAccounts, grant.Account)?.Uid != grant.Uid)
        {
            return Refused("[invalid bearer token, service account token has been invalidated]");
        }

        var shared = grant.Audiences.Intersect(audiences).ToList();
        return shared.Count == 0
            ? Refused($"[invalid bearer token, token audiences [{Print(grant.Audiences)}] is invalid for the target audiences [{Print(audiences)}]]")
            : new TokenCheck(Caller.ServiceAccount(grant.Account.Namespace, grant.Account.Name, grant.Uid), shared, "");
    }

    private static TokenCheck Refused(string why) => new(null, [], why);

    private static string Print(IEnumerable<string> audiences) => string.Join(" ", audiences.Select(one => $"\"{one}\""));

    private sealed record Grant(ObjectKey Account, string Uid, IReadOnlyList<string> Audiences, DateTimeOffset Expires);
}
