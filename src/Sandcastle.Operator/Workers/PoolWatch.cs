using System.Runtime.CompilerServices;
using System.Threading.Channels;
using k8s;
using Microsoft.Extensions.Logging;
using Sandcastle.Operator.Cluster;
using Sandcastle.Operator.Resources;
using Sandcastle.Operator.Resources.Pools;
using Sandcastle.Operator.Resources.Templates;
using Sandcastle.Operator.Telemetry;
using Sandcastle.Operator.Watch;

namespace Sandcastle.Operator.Workers;

/// <summary>
/// Finds pools for a manager: a watch of SandboxPools and one of SandboxTemplates, which go on over restarts of the API server. Needs to list and
/// watch these two, and nothing else; without that right no pool is found.
/// </summary>
/// <param name="kubernetes">The API server.</param>
/// <param name="ns">The one namespace that is looked at; null: all.</param>
/// <param name="time">Of pauses.</param>
/// <param name="loggers">Says when a watch breaks.</param>
public sealed class PoolWatch(Kubernetes kubernetes, string? ns, TimeProvider time, ILoggerFactory loggers)
{
    /// <summary>Every pool that may have a worker, at once and after each change; ends by its token only. While the API server is away the last list stands.</summary>
    public async IAsyncEnumerable<IReadOnlyList<FoundPool>> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var changed = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        using var metrics = new OperatorMetrics();
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var (pools, templates) = (Store<SandboxPool>(changed.Writer), Store<SandboxTemplate>(changed.Writer));
        var (ofPools, ofTemplates) = (Reflect(ResourceKind.Pools, pools, metrics), Reflect(ResourceKind.Templates, templates, metrics));
        var running = Task.WhenAll(ofPools.RunAsync(over.Token), ofTemplates.RunAsync(over.Token));
        try
        {
            await Task.WhenAll(ofPools.Synced, ofTemplates.Synced).WaitAsync(cancellationToken);
            do
            {
                yield return [.. pools.All.Where(pool => !pool.IsDeleting() && pool.Spec.Workers.Max > 0).Select(pool => Find(pool, templates.All))];
            }
            while (await changed.Reader.ReadAsync(cancellationToken));
        }
        finally
        {
            await over.CancelAsync();
            await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static FoundPool Find(SandboxPool pool, IEnumerable<SandboxTemplate> templates) => new(
        pool.Metadata.Namespace,
        pool.Metadata.Name,
        [.. templates.Where(template => template.Metadata.Namespace == pool.Metadata.Namespace && pool.Spec.Templates.Contains(template.Metadata.Name))]);

    private static ObjectStore<T> Store<T>(ChannelWriter<bool> changed)
        where T : KubeObject => new(static _ => null, _ => changed.TryWrite(true));

    private Reflector<T> Reflect<T>(ResourceKind kind, ObjectStore<T> store, OperatorMetrics metrics)
        where T : KubeObject => new(new ApiClient(kubernetes, metrics), kind, ns, null, store, time, metrics, loggers.CreateLogger<PoolWatch>());
}
