using Sandcastle.Manager.Routing;
using Sandcastle.Operator.Workers;

namespace Sandcastle.Daemon.Roles;

/// <summary>A manager's pools in a cluster: what it may ask for though no worker has said so yet. Until the first list is there, nothing.</summary>
internal sealed class ClusterPools(IReadOnlyList<PoolWatch> watches) : BackgroundService, IPoolOffers
{
    private readonly Dictionary<PoolWatch, IReadOnlyList<FoundPool>> _found = [];
    private readonly Lock _gate = new();
    private volatile IReadOnlyDictionary<string, PoolOffer> _offers = new Dictionary<string, PoolOffer>(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, PoolOffer> Offers => _offers;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(watches.Select(watch => FollowAsync(watch, stoppingToken)));

    private async Task FollowAsync(PoolWatch watch, CancellationToken cancellationToken)
    {
        await foreach (var pools in watch.WatchAsync(cancellationToken))
        {
            lock (_gate)
            {
                _found[watch] = pools;
                _offers = Offer(_found.Values.SelectMany(found => found));
            }
        }
    }

    /// <summary>Of several pools with one template the first by name is asked: it has to be one, and the same for every manager.</summary>
    internal static Dictionary<string, PoolOffer> Offer(IEnumerable<FoundPool> pools)
    {
        var offers = new Dictionary<string, PoolOffer>(StringComparer.Ordinal);
        foreach (var pool in pools.OrderBy(pool => pool.Namespace, StringComparer.Ordinal).ThenBy(pool => pool.Name, StringComparer.Ordinal))
        {
            foreach (var template in pool.Templates)
            {
                offers.TryAdd(template.Metadata.Name, new PoolOffer(pool.Namespace, pool.Name, PoolTemplate.Read(template)));
            }
        }

        return offers;
    }
}
