namespace Sandcastle.Worker.Slots;

/// <summary>
/// The runs that wait for a slot: tenants take turns, the runs of one are served in the order in which they came. On the reactor's
/// thread, but for <see cref="IsEmpty"/>.
/// </summary>
internal sealed class SlotLine
{
    /// <summary>Who is to be served next stands first.</summary>
    private readonly LinkedList<(string Tenant, LinkedList<SlotWaiter> Waiters)> _tenants = [];

    private readonly int[] _counts = new int[Enum.GetValues<SlotKind>().Length];
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

        node ??= _tenants.AddLast((waiter.Tenant, []));
        node.Value.Waiters.AddLast(waiter);
        Note(waiter, 1);
    }

    /// <summary>Takes the next one who waits for this kind out of the line; null when nobody does.</summary>
    internal SlotWaiter? Next(SlotKind kind)
    {
        for (var node = _tenants.First; node is not null; node = node.Next)
        {
            var waiter = node.Value.Waiters.FirstOrDefault(w => w.Kind == kind);
            if (waiter is null)
            {
                continue;
            }

            node.Value.Waiters.Remove(waiter);
            Note(waiter, -1);
            _tenants.Remove(node);
            if (node.Value.Waiters.Count > 0)
            {
                _tenants.AddLast(node);
            }

            return waiter;
        }

        return null;
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
}
