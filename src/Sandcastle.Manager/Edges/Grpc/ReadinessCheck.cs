using Microsoft.Extensions.Diagnostics.HealthChecks;
using Sandcastle.Manager.Routing;

namespace Sandcastle.Manager.Edges.Grpc;

/// <summary>What <c>/readyz</c> says, for <c>grpc.health.v1</c>.</summary>
internal sealed class ReadinessCheck(Readiness readiness) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var missing = readiness.Look();
        return Task.FromResult(missing.Count == 0 ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy(string.Join("; ", missing)));
    }
}
