using Sandcastle.Worker;
using Sandcastle.Worker.Telemetry;

namespace Sandcastle.Daemon.Roles;

/// <summary>Where a worker's CPU time went, on <c>/metrics</c>.</summary>
internal static class WorkerTelemetry
{
    internal static void AddWorkerMetrics(this IServiceCollection services)
    {
        services.AddSingleton(s => new WorkerMetrics(s.GetRequiredService<WorkerHost>(), s.GetRequiredService<TimeProvider>()));
        services.AddOpenTelemetry().WithMetrics(m => m.AddMeter(WorkerMetrics.MeterName));
    }

    /// <summary>Instruments are there to be asked only once they are made.</summary>
    internal static void UseWorkerMetrics(this WebApplication app) => _ = app.Services.GetRequiredService<WorkerMetrics>();
}
