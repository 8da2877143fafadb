using Sandcastle.Protocol.Refusals;
using Sandcastle.Protocol.Runs;
using Sandcastle.Protocol.Templates;

namespace Sandcastle.Manager.Routing;

/// <summary>
/// Chooses a worker for each run: of two taken at random, the one with more free slots (power of two choices), so that no
/// shared counter is needed and stale snapshots do not send everybody to the same worker. Where neither has a free slot a few more
/// are looked at, so that a run does not wait while others are idle. Safe for concurrent use.
/// </summary>
public sealed class WorkerRouter(IWorkerDirectory directory, AbsentWorkers? absent = null)
{
    /// <summary>Looks beyond the two: with half of all workers full, one in 250 runs then still waits for a slot.</summary>
    private const int MoreLooks = 6;

    private volatile RoutingTable _table = new([], version: -1);

    public IReadOnlyList<IWorkerLink> Links => directory.Links;

    /// <summary>Each template once: as a worker offers it that can serve it, where there is one.</summary>
    public IReadOnlyList<TemplateStatus> Templates
    {
        get
        {
            IReadOnlyList<TemplateStatus> served = directory.Links is [var only]
                ? only.Templates
                : [.. directory.Links.SelectMany(l => l.Templates).GroupBy(t => t.Name, StringComparer.Ordinal).Select(Merge)];
            return absent is null ? served : [.. served, .. absent.Offers.Values.Select(offer => offer.Template).ExceptBy(served.Select(t => t.Name), t => t.Name, StringComparer.Ordinal)];
        }
    }

    public TemplateStatus? FindTemplate(string name)
    {
        if (directory.Links.Count > 1 && Table().For(name) is [var route, ..])
        {
            return route.Offer;
        }

        TemplateStatus? found = null;
        foreach (var link in directory.Links)
        {
            if (Offer(link, name) is { } offer)
            {
                if (offer.Available)
                {
                    return offer;
                }

                found ??= offer;
            }
        }

        return found ?? absent?.Offers.GetValueOrDefault(name)?.Template;
    }

    /// <summary>Whether a worker that takes new work serves it.</summary>
    internal bool IsServed(string template) => Table().For(template).Length > 0;

    /// <summary>
    /// Runs on one worker, and on others in turn while they have no capacity or vanish before the program started. Another failure
    /// of ours is tried once more, unless <paramref name="hasStarted"/> says that the program had its job: it must never run twice.
    /// </summary>
    /// <exception cref="RefusalException">The last worker's refusal.</exception>
    /// <exception cref="WorkerLostException">The worker is gone, and may have started it; or they vanish as fast as they are found.</exception>
    public async Task<RunReport> RunAsync(RunOrder order, IRunOutput? output, Func<bool> hasStarted, CancellationToken cancellationToken)
    {
        var failedBefore = false;
        for (List<IWorkerLink>? tried = null; ;)
        {
            var link = Choose(order, tried);
            try
            {
                return await link.RunAsync(order, output, cancellationToken);
            }
            catch (RefusalException e) when (e.Refusal.Kind == RefusalKind.NoCapacity && HasOthers(order, tried, link))
            {
                (tried ??= []).Add(link);
            }
            catch (WorkerLostException e) when (!e.MayHaveStarted && !hasStarted() && HasOthers(order, tried, link))
            {
                (tried ??= []).Add(link);
            }
            catch (Exception e) when (e is not (RefusalException or OperationCanceledException or WorkerLostException) && !failedBefore && !hasStarted())
            {
                failedBefore = true;
            }
        }
    }

    private RoutingTable Table()
    {
        // Two threads may make the same table; either will do.
        var table = _table;
        var version = directory.Version;
        return table.Version == version ? table : _table = new RoutingTable(directory.Links, version);
    }

    /// <exception cref="RefusalException">no_capacity: nobody serves it now.</exception>
    internal IWorkerLink Choose(RunOrder order, List<IWorkerLink>? tried)
    {
        // The only one is asked whatever it offers, since it knows best, unless a pool has others that are not there now.
        if (tried is null && directory.Links is [var only] && (absent is null || Offer(only, order.Template) is not null))
        {
            return only;
        }

        var routes = Table().For(order.Template);
        if (tried is not null || order.RequireKeep is not null)
        {
            routes = routes.ToArray().Where(r => Serves(r, order) && tried?.Contains(r.Link) != true).ToArray();
        }

        return routes.Length switch
        {
            0 => throw Nobody(order),
            1 => routes[0].Link,
            _ => ChooseOf(routes, order.Template),
        };
    }

    private static IWorkerLink ChooseOf(ReadOnlySpan<RoutingTable.Route> routes, string template)
    {
        var first = Random.Shared.Next(routes.Length);
        var second = Random.Shared.Next(routes.Length - 1);
        var best = routes[first].Link;
        var free = best.FreeSlots(template);
        Look(routes[second >= first ? second + 1 : second].Link);
        for (var looks = 0; free <= 0 && looks < MoreLooks; looks++)
        {
            Look(routes[Random.Shared.Next(routes.Length)].Link);
        }

        return best;

        void Look(IWorkerLink other)
        {
            var others = other.FreeSlots(template);
            if (others > free)
            {
                (best, free) = (other, others);
            }
        }
    }

    private bool HasOthers(RunOrder order, List<IWorkerLink>? tried, IWorkerLink link)
    {
        foreach (var route in Table().For(order.Template))
        {
            if (route.Link != link && Serves(route, order) && tried?.Contains(route.Link) != true)
            {
                return true;
            }
        }

        return false;
    }

    private static bool Serves(RoutingTable.Route route, RunOrder order) => order.RequireKeep is null || order.RequireKeep == route.Offer.Keep;

    private RefusalException Nobody(RunOrder order) => new(absent?.Miss(order) ?? new Refusal
    {
        Kind = RefusalKind.NoCapacity,
        Detail = $"no worker serves template '{order.Template}' now",
        RetryAfter = TimeSpan.FromSeconds(1),
    });

    private static TemplateStatus? Offer(IWorkerLink link, string template)
    {
        var offers = link.Templates;
        for (var i = 0; i < offers.Count; i++)
        {
            if (offers[i].Name == template)
            {
                return offers[i];
            }
        }

        return null;
    }

    private static TemplateStatus Merge(IEnumerable<TemplateStatus> offers)
    {
        var all = offers.ToList();
        return (all.Find(o => o.Available) ?? all[0]) with
        {
            SlotsWanted = all.Sum(o => o.SlotsWanted),
            SlotsReady = all.Sum(o => o.SlotsReady),
            SlotsBusy = all.Sum(o => o.SlotsBusy),
        };
    }
}
