using Microsoft.Extensions.Logging;
using Sandcastle.Operator.Cluster;
using Sandcastle.Operator.Leases;
using Sandcastle.Operator.Load;
using Sandcastle.Operator.Reconcile;
using Sandcastle.Operator.Telemetry;
using Sandcastle.Operator.Watch;
using Sandcastle.Protocol.Rest;

namespace Sandcastle.Operator.Retail;

/// <summary>What the operator does for tenants while it leads: leases that follow use, the ledger's check, the retail queue's quota.</summary>
internal sealed partial class RetailLoop(
    ApiClient api, OperatorOptions options, PlanApplier applier, Leadership leadership, IUseSource useSource, TimeProvider time, OperatorMetrics metrics,
    RetailMetrics retailMetrics, ILoggerFactory loggers, ILogger<RetailLoop> logger)
{
    internal async Task RunAsync(ClusterView cluster, CancellationToken cancellationToken)
    {
        using var term = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var queue = new WorkQueue(time);
        var view = new TenantView(api, time, metrics, loggers, queue.Add);
        var board = new UseBoard(options.Retail.UseTime);
        var reconciler = new TenantReconciler(applier, view, queue, board, options.Retail, time, retailMetrics, loggers.CreateLogger<TenantReconciler>());
        IReadOnlyList<Task> parts =
        [
            view.RunAsync(term.Token),
            new QuotaLoop(api, options.Retail, cluster, leadership, retailMetrics, time, loggers.CreateLogger<QuotaLoop>()).RunAsync(term.Token),
            LeaseAsync(view, queue, board, reconciler, term.Token),
        ];
        try
        {
            await Task.WhenAny(parts);
        }
        finally
        {
            await term.CancelAsync();
            retailMetrics.Clear();
        }

        await Task.WhenAll(parts);
    }

    private async Task LeaseAsync(TenantView view, WorkQueue queue, UseBoard board, TenantReconciler reconciler, CancellationToken cancellationToken)
    {
        await view.Synced.WaitAsync(cancellationToken);
        LogSynced(view.Tenants.All.Count, view.Leases.All.Count);
        using var term = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        IReadOnlyList<Task> parts =
        [
            new PollLoop<IReadOnlyList<TenantUsesResponse>, string>(useSource.ReadAsync, board.Take, options.LoadPeriod, time, loggers.CreateLogger("Sandcastle.Operator.Retail.Use")).RunAsync(tenant => queue.Add(TenantView.Key(tenant)), view.TouchAll, term.Token),
            .. Enumerable.Range(0, options.Workers).Select(_ => QueueWork.RunAsync(queue, reconciler.ReconcileAsync, term.Token)),
        ];
        await Task.WhenAny(parts);
        await term.CancelAsync();
        await Task.WhenAll(parts);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Tenants are known: {Tenants}, with {Leases} leases")]
    private partial void LogSynced(int tenants, int leases);
}
