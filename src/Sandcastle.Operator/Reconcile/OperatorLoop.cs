using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sandcastle.Operator.Certificates;
using Sandcastle.Operator.Cluster;
using Sandcastle.Operator.Leases;
using Sandcastle.Operator.Load;
using Sandcastle.Operator.Planning;
using Sandcastle.Operator.Resources.Lots;
using Sandcastle.Operator.Retail;
using Sandcastle.Operator.Telemetry;
using Sandcastle.Operator.Watch;

namespace Sandcastle.Operator.Reconcile;

/// <summary>
/// While this operator leads: watch → keyed queue → plan → apply. Every term begins with empty hands: lists are read anew, since what was
/// seen before the lease was taken may be older than what the last leader did.
/// </summary>
internal sealed partial class OperatorLoop(
    ApiClient api, OperatorOptions options, Leadership leadership, PlanApplier applier, ILoadSource loadSource, CertificateLoop certificates, CertificateBoard certificateBoard, RetailLoop retail,
    TimeProvider time, OperatorMetrics metrics, OperatorHealth health, ILoggerFactory loggers, ILogger<OperatorLoop> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await leadership.RunAsync(LeadAsync, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                // The process' boundary: a fault of ours must not end the operator, and must be seen.
                LogFaulted(exception);
                await Task.Delay(options.Lease.RetryPeriod, time, stoppingToken).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            }
        }
    }

    private async Task LeadAsync(CancellationToken cancellationToken)
    {
        using var term = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var queue = new WorkQueue(time);
        var view = new ClusterView(api, options.WatchNamespace, time, metrics, loggers, queue.Add);
        var board = new LoadBoard();
        var reconciler = new PoolReconciler(applier, view, queue, board, certificateBoard, time, metrics, loggers.CreateLogger<PoolReconciler>());
        metrics.SetQueue(() => queue.Depth);
        var watching = view.RunAsync(term.Token);
        try
        {
            await await Task.WhenAny(view.Synced.WaitAsync(term.Token), watching);
            health.SetSynced(true);
            LogSynced(view.Pools.All.Count, view.Lots.All.Count);
            await EndTogetherAsync(term,
            [
                watching,
                new PollLoop<IReadOnlyList<WorkerLoad>, ObjectKey>(loadSource.ReadAsync, board.Take, options.LoadPeriod, time, loggers.CreateLogger("Sandcastle.Operator.Load.Workers")).RunAsync(queue.Add, () => TouchAll(view, queue), term.Token),
                certificates.RunAsync(() => view.Pools.All, ns => TouchAll(view, queue, ns), leadership, term.Token),
                retail.RunAsync(view, term.Token),
                CountAsync(view, term.Token),
                .. Enumerable.Range(0, options.Workers).Select(_ => QueueWork.RunAsync(queue, reconciler.ReconcileAsync, term.Token)),
            ]);
        }
        finally
        {
            health.SetSynced(false);
            await term.CancelAsync();
            await watching;
        }
    }

    /// <summary>Waits for all; the first that faults ends the others.</summary>
    private static async Task EndTogetherAsync(CancellationTokenSource term, IReadOnlyList<Task> parts)
    {
        await Task.WhenAny(parts);
        await term.CancelAsync();
        await Task.WhenAll(parts);
    }

    private static void TouchAll(ClusterView view, WorkQueue queue, string? ns = null)
    {
        foreach (var pool in view.Pools.All.Where(pool => ns is null || pool.Metadata.Namespace == ns))
        {
            queue.Add(new ObjectKey(pool.Metadata.Namespace, pool.Metadata.Name));
        }
    }

    private async Task CountAsync(ClusterView view, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(5), time);
        do
        {
            metrics.SetLots(view.Lots.All.GroupBy(lot => lot.Status?.Phase ?? LotPhase.Pending).ToDictionary(group => group.Key, group => group.Count()));
            metrics.SetLotsOverGrace(OverGrace.Count(view.Pools.All, view.Lots.All, view.Workloads.All, time.GetUtcNow()));
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The cluster is known: {Pools} pools, {Lots} lots")]
    private partial void LogSynced(int pools, int lots);

    [LoggerMessage(Level = LogLevel.Error, Message = "The operator's loop failed, and begins again")]
    private partial void LogFaulted(Exception exception);
}
