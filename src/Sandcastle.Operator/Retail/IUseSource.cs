using Sandcastle.Protocol.Rest;

namespace Sandcastle.Operator.Retail;

/// <summary>Where the operator learns what tenants use: from every manager, each of which knows its own part.</summary>
public interface IUseSource
{
    /// <returns>What the managers say; null when not every one of them answered, since the missing part may be any.</returns>
    Task<IReadOnlyList<TenantUsesResponse>?> ReadAsync(CancellationToken cancellationToken);
}
