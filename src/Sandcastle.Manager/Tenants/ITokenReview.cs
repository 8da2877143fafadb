namespace Sandcastle.Manager.Tenants;

/// <summary>Asks whoever issued a token whose it is: in a cluster the API server, by TokenReview. Safe for concurrent use.</summary>
public interface ITokenReview
{
    /// <summary>The principal, whose tenant is the namespace of the token's ServiceAccount; or null and why not, as half a sentence.</summary>
    /// <exception cref="Sandcastle.Protocol.Refusals.RefusalException">Nobody could be asked.</exception>
    ValueTask<(Principal? Principal, string? Reason)> ReviewAsync(string token, CancellationToken cancellationToken);
}
