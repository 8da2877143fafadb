using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Sandcastle.Manager.Routing.Remote;
using Sandcastle.Operator.Workers;

namespace Sandcastle.Daemon.Roles;

/// <summary>A manager's workers in a cluster: their Pods, of all namespaces or of some.</summary>
internal sealed class ClusterWorkers(IReadOnlyList<WorkerWatch> watches, string scheme) : IWorkerSource
{
    public async IAsyncEnumerable<IReadOnlyList<WorkerEndpoint>> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var found = new IReadOnlyList<FoundWorker>[watches.Count];
        var changes = Channel.CreateBounded<(int Watch, IReadOnlyList<FoundWorker> Workers)>(watches.Count);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var following = Task.WhenAll(watches.Select((watch, i) => FollowAsync(watch, i, changes.Writer, over.Token)));
        try
        {
            await foreach (var (watch, workers) in changes.Reader.ReadAllAsync(cancellationToken))
            {
                found[watch] = workers;
                yield return [.. found.Where(w => w is not null).SelectMany(w => w).Select(Endpoint)];
            }
        }
        finally
        {
            await over.CancelAsync();
            await following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task FollowAsync(
        WorkerWatch watch, int index, ChannelWriter<(int, IReadOnlyList<FoundWorker>)> changes, CancellationToken cancellationToken)
    {
        await foreach (var workers in watch.WatchAsync(cancellationToken))
        {
            await changes.WriteAsync((index, workers), cancellationToken);
        }
    }

    private WorkerEndpoint Endpoint(FoundWorker worker) => new()
    {
        Name = worker.Name,
        Namespace = worker.Namespace,
        Pool = worker.Pool,
        Lot = worker.Lot,
        Address = new UriBuilder(scheme, worker.Address, worker.Port).Uri,
        Incarnation = worker.Uid,
        DrainBy = worker.DrainBy,
        IsPreempted = worker.IsPreempted,
    };
}
