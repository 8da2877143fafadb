using Sandcastle.Operator.Cluster;

namespace Sandcastle.Operator.Load;

/// <summary>What managers last said, by pool. Readers see one whole answer or the next. Thread-safe.</summary>
internal sealed class LoadBoard
{
    private volatile Answer _last = new(DateTimeOffset.MinValue, new Dictionary<ObjectKey, PoolLoad>());

    /// <summary>Null while no manager has answered.</summary>
    internal PoolLoad? Of(ObjectKey pool)
    {
        var last = _last;
        return last.Time == DateTimeOffset.MinValue ? null
            : last.Pools.GetValueOrDefault(pool) ?? new PoolLoad { Time = last.Time, Workers = new Dictionary<string, WorkerLoad>() };
    }

    /// <returns>The pools of which something else is said than before.</returns>
    internal IReadOnlyList<ObjectKey> Take(IReadOnlyList<WorkerLoad> workers, DateTimeOffset at)
    {
        var before = _last;
        var pools = workers.GroupBy(worker => new ObjectKey(worker.Namespace, worker.Pool)).ToDictionary(group => group.Key, group => Sum(group, at));
        _last = new Answer(at, pools);
        var isFirst = before.Time == DateTimeOffset.MinValue;
        return [.. pools.Keys.Union(before.Pools.Keys).Where(key => isFirst || !Same(pools.GetValueOrDefault(key), before.Pools.GetValueOrDefault(key)))];
    }

    /// <summary>
    /// Several managers speak of one worker: what is busy there each knows from the worker, what waits each knows of its own, and it has
    /// drained when no manager thinks otherwise.
    /// </summary>
    private static PoolLoad Sum(IEnumerable<WorkerLoad> reports, DateTimeOffset at)
    {
        var workers = new Dictionary<string, WorkerLoad>(StringComparer.Ordinal);
        var unplaced = 0;
        foreach (var report in reports)
        {
            if (report.Name.Length == 0)
            {
                unplaced += report.RunsWaiting;
            }
            else if (!workers.TryGetValue(report.Name, out var known))
            {
                workers[report.Name] = report;
            }
            else
            {
                workers[report.Name] = known with
                {
                    Draining = known.Draining && report.Draining,
                    SlotsBusy = Math.Max(known.SlotsBusy, report.SlotsBusy),
                    SlotsReady = Math.Min(known.SlotsReady, report.SlotsReady),
                    RunsWaiting = known.RunsWaiting + report.RunsWaiting,
                };
            }
        }

        return new PoolLoad { Time = at, Workers = workers, Unplaced = unplaced };
    }

    private static bool Same(PoolLoad? one, PoolLoad? other) =>
        one is null || other is null
            ? one is null && other is null
            : one.Unplaced == other.Unplaced && one.Workers.Count == other.Workers.Count
                && one.Workers.All(pair => other.Workers.TryGetValue(pair.Key, out var worker) && worker == pair.Value);

    private sealed record Answer(DateTimeOffset Time, IReadOnlyDictionary<ObjectKey, PoolLoad> Pools);
}
