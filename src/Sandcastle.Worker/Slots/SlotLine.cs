namespace Sandcastle.Worker.Slots;

/// <summary>
/// The runs that wait for a slot: tenants take turns by their weights (stride: each turn moves a tenant on by one over its weight, whoever is
/// furthest back is next), the runs of one are served in the order in which they came. On the reactor's thread, but for
/// <see cref="IsEmpty"/>.
/// </summary>
internal sealed class SlotLine
{
    /// <summary>Of those equally far back, who was served longest ago stands first.</summary>
    private readonly LinkedList<Share> _tenants = [];

    private readonly int[] _counts = new int[Enum.GetValues<SlotKind>().Length];
    private double _pass;
    private volatile int _count;

    /// <summary>From any thread; true a moment too long or too late does no harm.</summary>
    internal bool IsEmpty => _count == 0;

    internal int Count => _count;

    internal int CountOf(SlotKind kind) => _counts[(int)kind];

    internal void Add(SlotWaiter waiter)
    {
        var node = _tenants.First;
        while (node is not null && node.Value.Tenant != waiter.Tenant)
        {
            node = node.Next;
        }

        // Who comes begins one turn behind where the line is: no credit for the time away, and none for leaving and coming back.
        node ??= _tenants.AddLast(new Share { Tenant = waiter.Tenant, Pass = _pass + (1.0 / waiter.Weight) });
        node.Value.Weight = waiter.Weight;
        node.Value.Waiters.AddLast(waiter);
        Note(waiter, 1);
    }

    /// <summary>Takes the next one who waits for this kind out of the line; null when nobody does.</summary>
    internal SlotWaiter? Next(SlotKind kind)
    {
        LinkedListNode<Share>? best = null;
        SlotWaiter? next = null;
        for (var node = _tenants.First; node is not null; node = node.Next)
        {
            if ((best is null || node.Value.Pass < best.Value.Pass) && node.Value.Waiters.FirstOrDefault(w => w.Kind == kind) is { } waiter)
            {
                (best, next) = (node, waiter);
            }
        }

        if (best is null || next is null)
        {
            return null;
        }

        var share = best.Value;
        _pass = Math.Max(_pass, share.Pass);
        share.Pass += 1.0 / share.Weight;
        share.Waiters.Remove(next);
        Note(next, -1);
        _tenants.Remove(best);
        if (share.Waiters.Count > 0)
        {
            _tenants.AddLast(best);
        }

        return next;
    }

    /// <summary>Somebody gave up. False when it is not in the line any more.</summary>
    internal bool Remove(SlotWaiter waiter)
    {
        for (var node = _tenants.First; node is not null; node = node.Next)
        {
            if (node.Value.Tenant != waiter.Tenant || !node.Value.Waiters.Remove(waiter))
            {
                continue;
            }

            Note(waiter, -1);
            if (node.Value.Waiters.Count == 0)
            {
                _tenants.Remove(node);
            }

            return true;
        }

        return false;
    }

    /// <summary>Empties the line.</summary>
    internal List<SlotWaiter> TakeAll()
    {
        var all = _tenants.SelectMany(tenant => tenant.Waiters).ToList();
        _tenants.Clear();
        all.ForEach(waiter => Note(waiter, -1));
        return all;
    }

    private void Note(SlotWaiter waiter, int change)
    {
        _counts[(int)waiter.Kind] += change;
        _count += change;
    }

    private sealed class Share
    {
        internal required string Tenant { get; init; }

        internal double Pass { get; set; }

        internal int Weight { get; set; } = 1;

        internal LinkedList<SlotWaiter> Waiters { get; } = [];
    }
}
