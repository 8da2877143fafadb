using System.Buffers.Text;
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
/// for five seconds. While the API server does not answer, what it accepted in the last ten minutes is still accepted, unless the token says that its
/// time is over: programs on workers that are there go on running. Needs to create tokenreviews, and nothing else. Safe for concurrent use.
/// </summary>
/// <param name="kubernetes">The API server.</param>
/// <param name="time">How long ago it answered.</param>
/// <param name="mostRemembered">So many tokens that were accepted, and as many that were not.</param>
public sealed class TokenReviewer(Kubernetes kubernetes, TimeProvider time, int mostRemembered = 10_000) : IDisposable
{
    public const string Audience = "sandcastle";

    /// <summary>Larger tokens are not looked at: the API server's own are of one to two kilobytes.</summary>
    private const int MostCharacters = 16 * 1024;

    private const string Prefix = "system:serviceaccount:";

    private static readonly ResourceKind Reviews = new("authentication.k8s.io", "v1", "tokenreviews", "TokenReview", Namespaced: false);
    private static readonly TimeSpan Accepted = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Refused = TimeSpan.FromSeconds(5);

    /// <summary>How long an API server that is away is not held against those that it knew.</summary>
    private static readonly TimeSpan Outage = TimeSpan.FromMinutes(10);

    private readonly OperatorMetrics _metrics = new();
    private readonly ConcurrentDictionary<string, (TokenVerdict Verdict, long At)> _accepted = new(StringComparer.Ordinal);

    /// <summary>Apart from the others: whoever sends nonsense enough makes room here, and not among those.</summary>
    private readonly ConcurrentDictionary<string, (TokenVerdict Verdict, long At)> _refused = new(StringComparer.Ordinal);

    /// <exception cref="ApiException">The API server refused to answer, and did not know the token lately.</exception>
    /// <exception cref="HttpRequestException">It is not there, and did not know the token lately.</exception>
    public async ValueTask<TokenVerdict> ReviewAsync(string token, CancellationToken cancellationToken)
    {
        if (token.Length > MostCharacters)
        {
            return No($"is longer than {MostCharacters} characters");
        }

        var hash = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
        var isKnown = _accepted.TryGetValue(hash, out var known) || _refused.TryGetValue(hash, out known);
        var age = isKnown ? time.GetElapsedTime(known.At) : TimeSpan.MaxValue;
        if (isKnown && age < (known.Verdict.Reason is null ? Accepted : Refused))
        {
            return known.Verdict;
        }

        try
        {
            var verdict = await AskAsync(token, cancellationToken);
            Remember(hash, verdict);
            return verdict;
        }
        catch (Exception exception) when (isKnown && known.Verdict.Reason is null && age < Outage && IsOutage(exception, cancellationToken) && !IsOver(token))
        {
            return known.Verdict;
        }
    }

    public void Dispose() => _metrics.Dispose();

    private void Remember(string hash, TokenVerdict verdict)
    {
        var (these, others) = verdict.Reason is null ? (_accepted, _refused) : (_refused, _accepted);
        others.TryRemove(hash, out _);
        if (these.Count >= mostRemembered)
        {
            these.Clear();
        }

        these[hash] = (verdict, time.GetTimestamp());
    }

    /// <summary>Nobody answered, or the API server said that it cannot now; a refusal is an answer.</summary>
    private static bool IsOutage(Exception exception, CancellationToken cancellationToken) => exception switch
    {
        ApiException refused => refused.Status is 429 or >= 500,
        OperationCanceledException => !cancellationToken.IsCancellationRequested,
        _ => exception is HttpRequestException or IOException,
    };

    /// <summary>By what the token says of itself (RFC 7519, exp), which the API server has believed; one that says nothing is good for as long as it is remembered.</summary>
    internal bool IsOver(string token)
    {
        try
        {
            using var claims = JsonDocument.Parse(Base64Url.DecodeFromChars(token.Split('.')[1]));
            return time.GetUtcNow() >= DateTimeOffset.FromUnixTimeSeconds(claims.RootElement.GetProperty("exp").GetInt64());
        }
        catch (Exception exception) when (exception is FormatException or JsonException or IndexOutOfRangeException or KeyNotFoundException or InvalidOperationException or ArgumentException)
        {
            return false;
        }
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
