using System.Collections.Concurrent;

namespace Sandcastle.Worker.Slots;

/// <summary>The stock of one template. Any thread takes, without a lock; the last one in is the first one out, its memory still warm.</summary>
internal sealed class ReadySlots
{
    private readonly ConcurrentStack<Slot> _slots = new();
    private int _count;

    internal int Count => Volatile.Read(ref _count);

    internal void Add(Slot slot)
    {
        Interlocked.Increment(ref _count);
        _slots.Push(slot);
    }

    /// <summary>False when there is none. One that died while it waited is passed over.</summary>
    internal bool TryTake(out Slot slot)
    {
        while (_slots.TryPop(out slot!))
        {
            Interlocked.Decrement(ref _count);
            if (slot.IsReady)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Takes out what died. Who takes meanwhile may find less than there is, and then waits in line for a moment.</summary>
    internal void RemoveDead()
    {
        var all = new Slot[_count + 1];
        var taken = _slots.TryPopRange(all);
        Interlocked.Add(ref _count, -taken);
        for (var i = taken - 1; i >= 0; i--)
        {
            if (all[i].IsReady)
            {
                Add(all[i]);
            }
        }
    }
}
