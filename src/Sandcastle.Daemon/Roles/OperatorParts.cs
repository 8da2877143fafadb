using OpenTelemetry.Metrics;
using Sandcastle.Daemon.Options;
using Sandcastle.Operator;
using Sandcastle.Operator.Reconcile;
using Sandcastle.Operator.Telemetry;

namespace Sandcastle.Daemon.Roles;

/// <summary>The operator: no callers, but somebody may ask how it is.</summary>
internal sealed class OperatorParts(DaemonOptions options) : IRoleParts
{
    public void Add(WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton(ClusterAccess.Find());
        builder.Services.AddOperator(options.Operator);
        builder.Services.AddOpenTelemetry().WithMetrics(m => m.AddMeter(OperatorMetrics.MeterName).AddPrometheusExporter());
    }

    public void Use(WebApplication app)
    {
        app.UseRouting();
        app.MapGet("/healthz", () => "ok\n");

        // One that waits to lead is as ready as the one that leads.
        app.MapGet("/readyz", (OperatorHealth health) => health.IsWorking ? "leading\n" : "waiting to lead\n");
        app.MapPrometheusScrapingEndpoint("/metrics");
    }
}
