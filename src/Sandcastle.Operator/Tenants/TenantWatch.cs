using System.Runtime.CompilerServices;
using System.Threading.Channels;
using k8s;
using Microsoft.Extensions.Logging;
using Sandcastle.Operator.Cluster;
using Sandcastle.Operator.Resources.Tenants;
using Sandcastle.Operator.Retail;
using Sandcastle.Operator.Telemetry;
using Sandcastle.Operator.Watch;

namespace Sandcastle.Operator.Tenants;

/// <summary>Finds tenants for a manager: a watch of Tenants, which goes on over restarts of the API server. Needs to list and watch Tenants, and nothing else.</summary>
/// <param name="kubernetes">The API server.</param>
/// <param name="time">Of pauses.</param>
/// <param name="loggers">Says when a watch breaks.</param>
public sealed class TenantWatch(Kubernetes kubernetes, TimeProvider time, ILoggerFactory loggers)
{
    /// <summary>
    /// The Tenant of every namespace that has one, of several the oldest; at once and after each change; ends by its token only. While the API
    /// server is away the last answer stands.
    /// </summary>
    public async IAsyncEnumerable<IReadOnlyList<Tenant>> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var changed = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        var store = new ObjectStore<Tenant>(static _ => null, _ => changed.Writer.TryWrite(true));
        using var metrics = new OperatorMetrics();
        var reflector = new Reflector<Tenant>(new ApiClient(kubernetes, metrics), ResourceKind.Tenants, null, null, store, time, metrics, loggers.CreateLogger<TenantWatch>());
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = reflector.RunAsync(over.Token);
        try
        {
            await reflector.Synced.WaitAsync(cancellationToken);
            do
            {
                yield return [.. store.All.Where(tenant => !tenant.IsDeleting()).GroupBy(tenant => tenant.Metadata.Namespace, StringComparer.Ordinal).Select(TenantOrder.Oldest)];
            }
            while (await changed.Reader.ReadAsync(cancellationToken));
        }
        finally
        {
            await over.CancelAsync();
            await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
