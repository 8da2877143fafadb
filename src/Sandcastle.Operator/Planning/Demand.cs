using Sandcastle.Operator.Load;
using Sandcastle.Operator.Resources.Pools;

namespace Sandcastle.Operator.Planning;

/// <summary>How many workers a pool wants now.</summary>
internal sealed record Demand
{
    /// <summary>Workers, within the pool's bounds.</summary>
    internal required int Workers { get; init; }

    /// <summary>The part of them that a person asked for.</summary>
    internal required int Floor { get; init; }

    /// <summary>Runs wait: there is nothing to think about.</summary>
    internal required bool IsUrgent { get; init; }

    /// <summary>
    /// Slots for what runs and waits, and either <c>ready</c> more or as many as keep the busy ones at the target, whichever is more.
    /// Bought in whole lots, so that a pool does not buy a worker at a time; what a person asks for is taken to the worker.
    /// </summary>
    internal static Demand Of(PoolSpec pool, PoolLoad? load)
    {
        var workers = pool.Workers;
        var floor = Math.Min(Math.Max(workers.Min, workers.Desired), workers.Max);
        var used = (long)(load?.Busy ?? 0) + (load?.Wanted ?? 0);
        var slots = Math.Max(used + pool.Ready, Up(used * 100, pool.Scaling.TargetUtilization));
        var needed = Up(Up(slots, pool.SlotsPerWorker), workers.PerLot) * workers.PerLot;
        return new Demand
        {
            Workers = (int)Math.Max(floor, Math.Min(needed, workers.Max)),
            Floor = floor,
            IsUrgent = load is { Wanted: > 0 },
        };
    }

    private static long Up(long amount, long each) => (amount + each - 1) / each;
}
