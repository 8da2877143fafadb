using System.Collections.Concurrent;
using Sandcastle.Operator.Retail;
using Sandcastle.Protocol.Rest;

namespace Sandcastle.Operator.Tests.Clusters;

/// <summary>One manager, whose tenants use what a test says.</summary>
internal sealed class FakeUse : IUseSource
{
    private readonly ConcurrentDictionary<string, TenantUseResponse> _tenants = new(StringComparer.Ordinal);

    private volatile TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Done when the manager is asked the next time.</summary>
    internal Task Asked => _asked.Task;

    internal void Set(string tenant, long cpuMillis = 0, long memoryMib = 0, long waitingMib = 0, bool pressed = false, DateTimeOffset? spentUntil = null) =>
        _tenants[tenant] = new TenantUseResponse
        {
            Tenant = tenant,
            Running = memoryMib > 0 ? 1 : 0,
            Waiting = waitingMib > 0 ? 1 : 0,
            CpuMillis = cpuMillis,
            CpuMillisP95 = cpuMillis,
            CommittedMemoryMib = memoryMib,
            WaitingMemoryMib = waitingMib,
            Pressed = pressed,
            BudgetSpent = spentUntil is not null,
            BudgetRefillsAt = spentUntil,
        };

    public Task<IReadOnlyList<TenantUsesResponse>?> ReadAsync(CancellationToken cancellationToken)
    {
        var asked = _asked;
        _asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        IReadOnlyList<TenantUsesResponse> answer = [new TenantUsesResponse { Manager = "m", Tenants = [.. _tenants.Values] }];
        asked.TrySetResult();
        return Task.FromResult<IReadOnlyList<TenantUsesResponse>?>(answer);
    }
}
