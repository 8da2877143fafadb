using System.Text.Json.Nodes;
using Sandcastle.Operator.Cluster;

namespace Sandcastle.Operator.Planning;

/// <summary>
/// How many workers a pool is to have: new lots when there are too few, workers to release when there have been too many for long enough.
/// What is decided stands in the lots themselves (they exist, their <c>release</c> has grown) before anything else happens.
/// </summary>
internal sealed class PoolScaler(PoolObservation observation, PlanBuilder plan, IReadOnlyList<LotView> lots, WorkerMake? make)
{
    private readonly Resources.Pools.SandboxPool _pool = observation.Pool!;

    internal PoolMemory Scale(Demand demand)
    {
        var memory = observation.Memory;
        var recent = Remember(demand);
        var since = memory.Since ?? plan.Now;
        var provisioned = lots.Sum(lot => lot.Provisioned);
        var isEnough = provisioned >= demand.Workers;
        var rollout = new Rollout(plan, lots, make?.Hash, memory.MadeRoomAt);

        if (!isEnough)
        {
            GrowWhenDue(demand, provisioned);
        }
        else if (make is not null && rollout.Surge(demand.Workers, _pool.Spec.Workers) is > 0 and var surge)
        {
            Create(surge, demand, provisioned);
        }

        Shrink(demand, since, recent, provisioned, rollout);
        return memory with
        {
            MadeRoomAt = rollout.MadeRoomAt,
            Since = since,
            Recent = recent,
            EnoughAt = isEnough ? plan.Now : memory.EnoughAt ?? plan.Now,
        };
    }

    /// <summary>
    /// What was wanted lately, each with the last time at which it was: what was wanted at the last look was wanted until now. What a
    /// later look exceeded is left out, so that the first is the most.
    /// </summary>
    private List<Wanted> Remember(Demand demand)
    {
        var quiet = _pool.Spec.Scaling.ScaleDownQuiet.Time;
        var before = observation.Memory.Recent;
        var recent = before
            .Select((wanted, index) => index == before.Count - 1 ? wanted with { Time = plan.Now } : wanted)
            .Where(wanted => wanted.Workers > demand.Workers && wanted.Time + quiet > plan.Now)
            .ToList();
        recent.Add(new Wanted(plan.Now, demand.Workers));
        return recent;
    }

    private void GrowWhenDue(Demand demand, int provisioned)
    {
        // A first look, a person's wish and waiting runs need no thinking over.
        var due = observation.Memory.EnoughAt + _pool.Spec.Scaling.ScaleUpWindow.Time;
        if (due is null || demand.IsUrgent || demand.Floor > provisioned || provisioned == 0 || plan.Now >= due)
        {
            Create(demand.Workers - provisioned, demand, provisioned);
        }
        else
        {
            plan.LookAgainAt(due.Value);
        }
    }

    private void Create(int workers, Demand demand, int provisioned)
    {
        // A lot that fails for good waits for its turn to be made again; new ones beside it would fail as well.
        if (make is null || lots.Any(lot => lot.IsFailed && lot.Lot.Spec.Hash == make.Hash))
        {
            return;
        }

        if (!observation.ConfigMaps.Any(map => map.Metadata.Name == make.Worker.Templates))
        {
            plan.Create(ResourceKind.ConfigMaps, Bodies.ConfigMap(_pool, make));
        }

        var classes = _pool.Spec.PriorityClasses;
        if (classes is not null && !Priorities.Resolve(observation, classes.Warm, out _, out _))
        {
            return;
        }

        var number = lots.Select(lot => Bodies.LotNumber(lot.Lot)).DefaultIfEmpty().Max();
        var left = workers;
        while (left > 0)
        {
            var count = Math.Min(left, _pool.Spec.Workers.PerLot);
            plan.Create(ResourceKind.Lots, Bodies.Lot(_pool, Bodies.LotName(_pool.Metadata.Name, ++number), count, make));
            left -= count;
        }

        plan.Tell(ResourceKind.Pools, _pool, "ScalingUp", $"{workers} workers more are asked for: {demand.Workers} are wanted, {provisioned} are there or asked for.");
    }

    private void Shrink(Demand demand, DateTimeOffset since, List<Wanted> recent, int provisioned, Rollout rollout)
    {
        var held = recent.Max(wanted => wanted.Workers);
        var quietAt = since + _pool.Spec.Scaling.ScaleDownQuiet.Time;
        if (observation.Load is null || plan.Now < quietAt)
        {
            // What was wanted before the first look is not known, nor what is while no manager answers.
            held = Math.Max(held, provisioned);
            if (observation.Load is not null && provisioned > demand.Workers)
            {
                plan.LookAgainAt(quietAt);
            }
        }
        else if (provisioned > demand.Workers && held > demand.Workers)
        {
            plan.LookAgainAt(recent[0].Time + _pool.Spec.Scaling.ScaleDownQuiet.Time);
        }

        // The maximum is not a matter of demand: what is above it goes now.
        held = Math.Min(held, _pool.Spec.Workers.Max);
        var released = Release(rollout.Releasable(demand.Workers), lots.Where(rollout.IsOutdated));
        var surplus = provisioned - held - rollout.SurgeAllowance(demand.Workers);
        released += Release(surplus - released, lots.Where(lot => !rollout.IsOutdated(lot)));
        if (released > 0)
        {
            plan.Tell(ResourceKind.Pools, _pool, "ScalingDown", $"{released} workers are released.");
        }
    }

    /// <summary>
    /// Lots that wait first, then the youngest: Kueue preempts what was reserved last, and the oldest are filled first. Of a lot that
    /// runs, only idle workers.
    /// </summary>
    private int Release(int count, IEnumerable<LotView> from)
    {
        var released = 0;
        var order = from.Where(lot => lot.Provisioned > 0 && !lot.IsFailed)
            .OrderBy(lot => lot.IsAdmitted)
            .ThenByDescending(lot => Bodies.LotNumber(lot.Lot));
        foreach (var lot in order)
        {
            if (released >= count)
            {
                break;
            }

            var going = lot.Living.Count() - lot.Staying.Count();
            var free = lot.IsAdmitted
                ? lot.Keep - lot.Staying.Count(worker => !worker.IsIdle) - Math.Max(0, going - Math.Max(0, lot.Living.Count() - lot.Keep))
                : lot.Keep;
            var some = Math.Min(count - released, Math.Max(0, free));
            // Release counts from what was asked for; under partial admission some of that was never granted.
            var release = lot.Lot.Spec.Count - (lot.Keep - some);
            if (some > 0 && plan.Patch(ResourceKind.Lots, lot.Lot, null, new JsonObject { ["spec"] = new JsonObject { ["release"] = release } }))
            {
                released += some;
            }
        }

        return released;
    }
}
