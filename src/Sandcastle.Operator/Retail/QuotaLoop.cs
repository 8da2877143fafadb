using Microsoft.Extensions.Logging;
using Sandcastle.Operator.Cluster;
using Sandcastle.Operator.Leases;
using Sandcastle.Operator.Watch;

namespace Sandcastle.Operator.Retail;

/// <summary>Has the retail queue's quota follow what the admitted lots are worth. One look, and at most one write, a period.</summary>
internal sealed partial class QuotaLoop(ApiClient api, RetailOptions options, ClusterView cluster, Leadership leadership, RetailMetrics metrics, TimeProvider time, ILogger<QuotaLoop> logger)
{
    private readonly ObjectKey _queue = new("", options.Queue);

    internal async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(options.QuotaEvery, time);
        do
        {
            try
            {
                await LookAsync(cancellationToken);
            }
            catch (ApiException exception) when (exception.IsNotFound)
            {
                // Nobody sells here: retail is for those who set it up.
            }
            catch (Exception exception) when (exception is ApiException or HttpRequestException or IOException or LeadershipLostException or FormatException
                || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                LogFailed(options.Queue, exception.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        var queue = await api.GetAsync(ResourceKind.ClusterQueues, _queue, cancellationToken);
        if (RetailQuota.Flavor(queue) is not { } flavor)
        {
            LogUnfit(options.Queue);
            return;
        }

        var capacity = RetailCapacity.Of(cluster.Lots.All, cluster.Workloads.All);
        metrics.SetCapacity(options.Queue, flavor, capacity);
        if (RetailQuota.Patch(queue, capacity.Times(options.Oversubscription)) is { } patch)
        {
            leadership.ThrowIfLost();
            await api.PatchAsync(ResourceKind.ClusterQueues, _queue, null, patch, cancellationToken);
            LogWritten(options.Queue, capacity.CpuMillis, capacity.MemoryMib);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The quota of {Queue} follows {CpuMillis} millicpu and {MemoryMib} MiB of admitted lots")]
    private partial void LogWritten(string queue, long cpuMillis, long memoryMib);

    [LoggerMessage(Level = LogLevel.Warning, Message = "ClusterQueue {Queue} has no flavor with sandcastle.dev/millicpu and sandcastle.dev/memory-mib: its quota is left alone")]
    private partial void LogUnfit(string queue);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The quota of {Queue} was not looked at: {Reason}")]
    private partial void LogFailed(string queue, string reason);
}
