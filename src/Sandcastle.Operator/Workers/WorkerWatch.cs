using System.Net;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using k8s;
using Microsoft.Extensions.Logging;
using Sandcastle.Operator.Cluster;
using Sandcastle.Operator.Pods;
using Sandcastle.Operator.Telemetry;
using Sandcastle.Operator.Watch;

namespace Sandcastle.Operator.Workers;

/// <summary>Finds workers for a manager: a watch of their Pods, which goes on over restarts of the API server. Needs to list and watch Pods, and nothing else.</summary>
/// <param name="kubernetes">The API server.</param>
/// <param name="ns">The one namespace that is looked at; null: all.</param>
/// <param name="time">Of pauses.</param>
/// <param name="loggers">Says when a watch breaks.</param>
public sealed class WorkerWatch(Kubernetes kubernetes, string? ns, TimeProvider time, ILoggerFactory loggers)
{
    /// <summary>Every worker that has an address and is not over, at once and after each change; ends by its token only. While the API server is away the last list stands.</summary>
    public async IAsyncEnumerable<IReadOnlyList<FoundWorker>> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var changed = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        var store = new ObjectStore<Pod>(static _ => null, _ => changed.Writer.TryWrite(true));
        using var metrics = new OperatorMetrics();
        var reflector = new Reflector<Pod>(
            new ApiClient(kubernetes, metrics), ResourceKind.Pods, ns, $"{Labels.Name}={Labels.WorkerName}", store, time, metrics, loggers.CreateLogger<WorkerWatch>());
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = reflector.RunAsync(over.Token);
        try
        {
            await reflector.Synced.WaitAsync(cancellationToken);
            do
            {
                yield return [.. store.All.Select(Find).OfType<FoundWorker>()];
            }
            while (await changed.Reader.ReadAsync(cancellationToken));
        }
        finally
        {
            await over.CancelAsync();
            await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static FoundWorker? Find(Pod pod)
    {
        if (pod.IsOver || !IPAddress.TryParse(pod.Status.PodIP, out var address))
        {
            return null;
        }

        var metadata = pod.Metadata;
        return new FoundWorker
        {
            Namespace = metadata.Namespace,
            Name = metadata.Name,
            Uid = metadata.Uid,
            Pool = metadata.Labels.GetValueOrDefault(Labels.Pool, ""),
            Lot = metadata.Labels.GetValueOrDefault(Labels.Lot, ""),
            Address = address.ToString(),
            Port = pod.LinkPort ?? WorkerPod.LinkPort,
            DrainBy = DrainBy(pod),
            IsPreempted = metadata.Annotations.GetValueOrDefault(Labels.DrainReason) == Labels.Preempted,
        };
    }

    /// <summary>What the operator wrote; for a Pod that somebody deletes, when the kubelet will end it.</summary>
    private static DateTimeOffset? DrainBy(Pod pod) =>
        pod.Metadata.Annotations.TryGetValue(Labels.Drain, out var text)
        && DateTimeOffset.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AssumeUniversal, out var by)
            ? by
            : pod.Metadata.DeletionTimestamp;
}
