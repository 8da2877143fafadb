using Sandcastle.Manager.Tenants;
using Sandcastle.Operator.Cluster;
using Sandcastle.Operator.Tokens;
using Sandcastle.Protocol.Refusals;

namespace Sandcastle.Daemon.Roles;

/// <summary>Kubernetes identities at a manager: a ServiceAccount's namespace is the tenant.</summary>
internal sealed class ClusterTokens(TokenReviewer reviewer) : ITokenReview
{
    public async ValueTask<(Principal? Principal, string? Reason)> ReviewAsync(string token, CancellationToken cancellationToken)
    {
        try
        {
            var verdict = await reviewer.ReviewAsync(token, cancellationToken);
            return verdict.Namespace is { } ns ? (new Principal(ns), null) : (null, verdict.Reason);
        }
        catch (Exception e) when (e is ApiException or HttpRequestException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new RefusalException(new Refusal
            {
                Kind = RefusalKind.NoCapacity,
                Detail = "the API server, which knows whose a token is, does not answer; an API key works without it",
                RetryAfter = TimeSpan.FromSeconds(2),
            });
        }
    }
}
