using Sandcastle.Operator.Load;
using Sandcastle.Protocol.Rest;

namespace Sandcastle.Operator.Retail;

/// <summary>Asks every manager for <c>GET /v1/tenants/use</c>.</summary>
internal sealed class ManagerUseSource(ManagerCalls managers) : IUseSource
{
    public Task<IReadOnlyList<TenantUsesResponse>?> ReadAsync(CancellationToken cancellationToken) =>
        managers.AskAllAsync<TenantUsesResponse>("/v1/tenants/use", cancellationToken);
}
