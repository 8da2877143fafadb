using Sandcastle.Operator.Resources.Pools;

namespace Sandcastle.Operator.Planning;

/// <summary>
/// Replaces lots that are made of something else than the pool is now: new ones first, and old workers go when new ones are ready; where
/// quota does not allow that, old ones first, as many as the new lot that waits.
/// </summary>
internal sealed class Rollout
{
    /// <summary>How long a new lot waits for quota before old workers make room for it.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly PlanBuilder _plan;
    private readonly string? _hash;
    private readonly List<LotView> _current;
    private readonly List<LotView> _outdated;

    internal Rollout(PlanBuilder plan, IReadOnlyList<LotView> lots, string? hash, DateTimeOffset? madeRoomAt)
    {
        _plan = plan;
        _hash = hash;
        MadeRoomAt = madeRoomAt;
        _outdated = [.. lots.Where(IsOutdated)];
        _current = [.. lots.Where(lot => !IsOutdated(lot))];
    }

    /// <summary>When old workers last went for a new lot that waits: Kueue needs a moment to see it.</summary>
    internal DateTimeOffset? MadeRoomAt { get; private set; }

    internal bool IsOutdated(LotView lot) => _hash is not null && lot.Lot.Spec.Hash != _hash;

    private int CurrentWorkers => _current.Sum(lot => lot.Provisioned);

    private int OutdatedWorkers => _outdated.Sum(lot => lot.Provisioned);

    /// <summary>Workers to make beyond what is there: one lot at a time, when the last one has come up.</summary>
    internal int Surge(int wanted, PoolWorkers workers)
    {
        var isComingUp = _current.Any(lot => lot.Provisioned > 0 && lot.ReadyCount < lot.Keep);
        return OutdatedWorkers == 0 || isComingUp ? 0 : Math.Clamp(wanted - CurrentWorkers, 0, workers.PerLot);
    }

    /// <summary>Workers above what is wanted that are no surplus: the new beside the old that they replace.</summary>
    internal int SurgeAllowance(int wanted) => OutdatedWorkers == 0 ? 0 : Math.Max(0, CurrentWorkers + OutdatedWorkers - wanted);

    /// <summary>Old workers that may go now.</summary>
    internal int Releasable(int wanted)
    {
        if (OutdatedWorkers == 0)
        {
            return 0;
        }

        var ready = _current.Sum(lot => Math.Min(lot.ReadyCount, lot.Keep));
        var replaced = Math.Clamp(ready + OutdatedWorkers - wanted, 0, OutdatedWorkers);
        return Math.Max(replaced, RoomToMake());
    }

    /// <summary>As many old workers as the new lot that waits for quota asks for, less those that are going already.</summary>
    private int RoomToMake()
    {
        var waiting = _current.Where(lot => lot.Provisioned > 0 && lot.Workload is { IsReserved: false, IsOnHold: false, IsActive: true }).ToList();
        if (waiting.Count == 0)
        {
            return 0;
        }

        var asked = waiting.Max(lot => lot.Workload!.Metadata.CreationTimestamp ?? _plan.Now);
        var due = (MadeRoomAt > asked ? MadeRoomAt.Value : asked) + Patience;
        if (_plan.Now < due)
        {
            _plan.LookAgainAt(due);
            return 0;
        }

        var going = _outdated.Sum(lot => Math.Max(0, lot.Living.Count() - lot.Keep));
        var room = Math.Clamp(waiting.Sum(lot => lot.Provisioned) - going, 0, OutdatedWorkers);
        if (room > 0)
        {
            MadeRoomAt = _plan.Now;
            _plan.LookAgainAt(_plan.Now + Patience);
        }

        return room;
    }
}
