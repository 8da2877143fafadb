using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Sandcastle.Operator.Leases;
using Sandcastle.Operator.Reconcile;
using Sandcastle.Operator.Telemetry;

namespace Sandcastle.Operator.Tests.Clusters;

/// <summary>An operator as a daemon would run it, with an eye on what it measures.</summary>
internal sealed class RunningOperator : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly MeterListener _listener = new();
    private readonly SemaphoreSlim _looked = new(0);

    private RunningOperator(ServiceProvider services)
    {
        _services = services;
        var factory = services.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == OperatorMetrics.MeterName && instrument.Meter.Scope == factory && instrument.Name == "sandcastle_operator_reconciles")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, _, _, _) => _looked.Release());
        _listener.Start();
    }

    internal Leadership Leadership => _services.GetRequiredService<Leadership>();

    internal OperatorHealth Health => _services.GetRequiredService<OperatorHealth>();

    internal T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    internal static async Task<RunningOperator> StartAsync(ServiceProvider services)
    {
        var running = new RunningOperator(services);
        foreach (var service in services.GetServices<IHostedService>())
        {
            await service.StartAsync(TestContext.Current.CancellationToken);
        }

        return running;
    }

    /// <summary>Does something, and waits until a pool was looked at after it.</summary>
    internal async Task LookAfterAsync(Action something)
    {
        while (await _looked.WaitAsync(0))
        {
            // What was before does not count.
        }

        something();
        (await _looked.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken)).ShouldBeTrue("no pool was looked at");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var service in _services.GetServices<IHostedService>())
        {
            await service.StopAsync(CancellationToken.None);
        }

        _listener.Dispose();
        await _services.DisposeAsync();
        _looked.Dispose();
    }
}
