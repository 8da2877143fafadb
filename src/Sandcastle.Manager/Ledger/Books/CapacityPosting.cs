using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sandcastle.Manager.Routing;
using Sandcastle.Manager.Routing.Remote;

namespace Sandcastle.Manager.Ledger.Books;

/// <summary>
/// Books, every few seconds, what each worker had since it was last read. Every manager that is attached to a worker reads it, and each second is
/// booked once: one that goes away leaves no gap, since the worker's meter goes on.
/// </summary>
internal sealed partial class CapacityPosting(
    IWorkerDirectory workers, ILedger ledger, BookOptions options, TimeProvider clock, ILogger<CapacityPosting> logger) : BackgroundService
{
    /// <summary>Once more at the end: what was had since the last interval.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await TryPostAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.MeterInterval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await TryPostAsync(stoppingToken);
        }
    }

    private async Task TryPostAsync(CancellationToken cancellationToken)
    {
        foreach (var reading in workers.Links.Select(Read).OfType<WorkerReading>())
        {
            try
            {
                await ledger.MeterAsync(reading with { Longest = options.Retention.Receipts }, cancellationToken);
            }
#pragma warning disable CA1031 // The boundary of a loop that must outlive any one failure, and of one worker, whose fault is not the others'.
            catch (Exception e) when (e is not OperationCanceledException)
#pragma warning restore CA1031
            {
                LogUnposted(e, reading.Meter);
            }
        }
    }

    private static WorkerReading? Read(IWorkerLink link)
    {
        if (link.ReadMeter() is not { } meter)
        {
            return null;
        }

        var endpoint = (link as RemoteWorker)?.Endpoint;
        return new WorkerReading
        {
            Meter = string.IsNullOrEmpty(endpoint?.Namespace) ? link.Name : $"{endpoint.Namespace}/{link.Name}",
            Worker = link.Name,

            // What its link says: its receipts are paid by the lot that they name, and so must its capacity be.
            Lot = meter.Lot,
            Incarnation = meter.Incarnation,
            StartedAt = meter.StartedAt,
            Elapsed = meter.Elapsed,
            CpuMillis = meter.CpuMillis,
            MemoryBytes = meter.MemoryBytes,
            Overhead = meter.Overhead,
            OverheadByteSeconds = meter.OverheadByteSeconds,
        };
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "capacity of worker {Worker} could not be booked; what it had meanwhile is booked the next time")]
    private partial void LogUnposted(Exception exception, string worker);
}
