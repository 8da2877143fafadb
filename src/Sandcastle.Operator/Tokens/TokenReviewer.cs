using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using k8s;
using Sandcastle.Operator.Cluster;
using Sandcastle.Operator.Telemetry;

namespace Sandcastle.Operator.Tokens;

/// <summary>
/// Asks the API server whose a token is (TokenReview, authentication.k8s.io/v1). Tokens of ServiceAccounts for audience <see cref="Audience"/>
/// alone are accepted. Remembers by the token's hash: what was accepted for half a minute, so that a revoked one is not good for longer; what was refused
/// for five seconds. Needs to create tokenreviews, and nothing else. Safe for concurrent use.
/// </summary>
public sealed class TokenReviewer(Kubernetes kubernetes, TimeProvider time) : IDisposable
{
    public const string Audience = "sandcastle";

    /// <summary>Larger tokens are not looked at: the API server's own are of one to two kilobytes.</summary>
    private const int MostCharacters = 16 * 1024;

    private const int MostRemembered = 10_000;
    private const string Prefix = "system:serviceaccount:";

    private static readonly ResourceKind Reviews = new("authentication.k8s.io", "v1", "tokenreviews", "TokenReview", Namespaced: false);
    private static readonly TimeSpan Accepted = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Refused = TimeSpan.FromSeconds(5);

    private readonly OperatorMetrics _metrics = new();
    private readonly ConcurrentDictionary<string, (TokenVerdict Verdict, long Until)> _remembered = new(StringComparer.Ordinal);

    /// <exception cref="ApiException">The API server refused to answer.</exception>
    /// <exception cref="HttpRequestException">It is not there.</exception>
    public async ValueTask<TokenVerdict> ReviewAsync(string token, CancellationToken cancellationToken)
    {
        if (token.Length > MostCharacters)
        {
            return No($"is longer than {MostCharacters} characters");
        }

        var hash = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
        if (_remembered.TryGetValue(hash, out var known) && time.GetTimestamp() < known.Until)
        {
            return known.Verdict;
        }

        var verdict = await AskAsync(token, cancellationToken);
        Remember(hash, verdict);
        return verdict;
    }

    public void Dispose() => _metrics.Dispose();

    private void Remember(string hash, TokenVerdict verdict)
    {
        if (_remembered.Count >= MostRemembered)
        {
            _remembered.Clear();
        }

        var life = verdict.Reason is null ? Accepted : Refused;
        _remembered[hash] = (verdict, time.GetTimestamp() + (long)(life.TotalSeconds * time.TimestampFrequency));
    }

    private async Task<TokenVerdict> AskAsync(string token, CancellationToken cancellationToken)
    {
        var review = new JsonObject
        {
            ["apiVersion"] = Reviews.ApiVersion,
            ["kind"] = Reviews.Kind,
            ["spec"] = new JsonObject { ["token"] = token, ["audiences"] = new JsonArray(Audience) },
        };
        var answer = await new ApiClient(kubernetes, _metrics).CreateAsync(Reviews, "", review, cancellationToken);
        return Read(answer);
    }

    private static TokenVerdict Read(JsonElement review)
    {
        if (!review.TryGetProperty("status", out var status) || !status.TryGetProperty("authenticated", out var yes) || yes.ValueKind != JsonValueKind.True)
        {
            return No("is not valid, has expired, or is not for audience sandcastle");
        }

        // A server that does not know audiences accepts any token; what it does not confirm is not accepted here.
        if (!status.TryGetProperty("audiences", out var audiences) || audiences.ValueKind != JsonValueKind.Array
            || !audiences.EnumerateArray().Any(a => a.GetString() == Audience))
        {
            return No("is not for audience sandcastle");
        }

        var user = status.TryGetProperty("user", out var who) && who.TryGetProperty("username", out var name) ? name.GetString() ?? "" : "";
        return user.StartsWith(Prefix, StringComparison.Ordinal) && user[Prefix.Length..].Split(':') is [{ Length: > 0 } ns, { Length: > 0 } account]
            ? new TokenVerdict(ns, account, Reason: null)
            : No("is no ServiceAccount's, and only those have a namespace to charge");
    }

    private static TokenVerdict No(string reason) => new(Namespace: null, ServiceAccount: null, reason);
}
