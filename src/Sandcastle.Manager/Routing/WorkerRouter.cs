using Sandcastle.Protocol.Refusals;
using Sandcastle.Protocol.Runs;
using Sandcastle.Protocol.Templates;

namespace Sandcastle.Manager.Routing;

/// <summary>
/// Chooses a worker for each run: of two taken at random, the one with more free slots (power of two choices), so that no
/// shared counter is needed and stale snapshots do not send everybody to the same worker. Safe for concurrent use.
/// </summary>
public sealed class WorkerRouter
{
    private readonly IWorkerLink[] _links;

    public WorkerRouter(IEnumerable<IWorkerLink> links) => _links = [.. links];

    public IReadOnlyList<IWorkerLink> Links => _links;

    /// <summary>Each template once: as a worker offers it that can serve it, where there is one.</summary>
    public IReadOnlyList<TemplateStatus> Templates =>
        _links.Length == 1
            ? _links[0].Templates
            : [.. _links.SelectMany(l => l.Templates).GroupBy(t => t.Name, StringComparer.Ordinal).Select(Merge)];

    public TemplateStatus? FindTemplate(string name)
    {
        TemplateStatus? found = null;
        foreach (var link in _links)
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

        return found;
    }

    /// <summary>
    /// Runs on one worker, and on others in turn while they have no capacity. A failure of ours is tried once more, unless
    /// <paramref name="hasStarted"/> says that the program had its job: it must never run twice.
    /// </summary>
    /// <exception cref="RefusalException">The last worker's refusal.</exception>
    public async Task<RunReport> RunAsync(RunOrder order, IRunOutput? output, Func<bool> hasStarted, CancellationToken cancellationToken)
    {
        var failedBefore = false;
        for (List<IWorkerLink>? full = null; ;)
        {
            var link = Choose(order, full);
            try
            {
                return await link.RunAsync(order, output, cancellationToken);
            }
            catch (RefusalException e) when (e.Refusal.Kind == RefusalKind.NoCapacity && (full?.Count ?? 0) + 1 < CountServing(order))
            {
                (full ??= []).Add(link);
            }
            catch (Exception e) when (e is not (RefusalException or OperationCanceledException) && !failedBefore && !hasStarted())
            {
                failedBefore = true;
            }
        }
    }

    private IWorkerLink Choose(RunOrder order, List<IWorkerLink>? full)
    {
        if (_links.Length == 1)
        {
            return _links[0];
        }

        var serving = Array.FindAll(_links, l => Serves(l, order) && full?.Contains(l) != true);
        if (serving.Length == 0)
        {
            throw new RefusalException(new Refusal
            {
                Kind = RefusalKind.NoCapacity,
                Detail = $"no worker serves template '{order.Template}' now",
                RetryAfter = TimeSpan.FromSeconds(1),
            });
        }

        var one = serving[Random.Shared.Next(serving.Length)];
        var other = serving[Random.Shared.Next(serving.Length)];
        return FreeSlots(other, order.Template) > FreeSlots(one, order.Template) ? other : one;
    }

    private int CountServing(RunOrder order) => _links.Count(l => Serves(l, order));

    private static bool Serves(IWorkerLink link, RunOrder order) =>
        Offer(link, order.Template) is { Available: true } offer && (order.RequireKeep is null || order.RequireKeep == offer.Keep);

    private static int FreeSlots(IWorkerLink link, string template) => Offer(link, template)?.SlotsReady ?? 0;

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
