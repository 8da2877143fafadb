using Sandcastle.Protocol.Refusals;

namespace Sandcastle.Manager.Tenants.Enforcement;

/// <summary>One tenant's runs that wait for its limits, in the order in which they came. Its owner holds a lock.</summary>
internal sealed class TenantLine
{
    private readonly LinkedList<TenantWaiter> _waiters = [];

    public int Count => _waiters.Count;

    /// <summary>Who is next; null when nobody waits.</summary>
    public TenantWaiter? First => _waiters.First?.Value;

    /// <summary>Memory limits of those who wait, in bytes.</summary>
    public long WaitingMemory => _waiters.Sum(waiter => waiter.Order.Limits.MemoryBytes);

    public void Add(TenantWaiter waiter)
    {
        _waiters.AddLast(waiter);
        waiter.Tell(_waiters.Count);
    }

    public void RemoveFirst() => _waiters.RemoveFirst();

    /// <summary>The place that it had, from 1; 0 when it was not in the line any more.</summary>
    public int Remove(TenantWaiter waiter)
    {
        var place = 0;
        for (var node = _waiters.First; node is not null; node = node.Next)
        {
            place++;
            if (ReferenceEquals(node.Value, waiter))
            {
                _waiters.Remove(node);
                return place;
            }
        }

        return 0;
    }

    public void TellPlaces()
    {
        var place = 0;
        foreach (var waiter in _waiters)
        {
            waiter.Tell(++place);
        }
    }

    /// <summary>Empties it.</summary>
    public void Refuse(Refusal refusal)
    {
        foreach (var waiter in _waiters)
        {
            waiter.Seat.TrySetException(new RefusalException(refusal));
        }

        _waiters.Clear();
    }
}
