namespace Sandcastle.Linux.Epoll;

/// <summary>
/// Deadlines by time: a four-way heap whose members know their place, so that cancelling one of thousands costs as little as adding it.
/// (Nearly every run's timeout is cancelled.) Not synchronised: the reactor locks.
/// </summary>
internal sealed class DeadlineHeap
{
    private const int Arity = 4;
    private Deadline[] _items = new Deadline[64];

    internal int Count { get; private set; }

    /// <summary>The earliest deadline's timestamp, <see cref="long.MaxValue"/> when there is none.</summary>
    internal long Earliest => Count == 0 ? long.MaxValue : _items[0].Timestamp;

    internal void Set(Deadline deadline, long timestamp)
    {
        deadline.Timestamp = timestamp;
        if (deadline.HeapIndex >= 0)
        {
            Restore(deadline.HeapIndex);
            return;
        }

        if (Count == _items.Length)
        {
            Array.Resize(ref _items, Count * 2);
        }

        Place(deadline, Count);
        Count++;
        Rise(deadline.HeapIndex);
    }

    internal bool Remove(Deadline deadline)
    {
        var index = deadline.HeapIndex;
        if (index < 0)
        {
            return false;
        }

        Count--;
        var last = _items[Count];
        _items[Count] = null!;
        deadline.HeapIndex = -1;
        if (last != deadline)
        {
            Place(last, index);
            Restore(index);
        }

        return true;
    }

    /// <summary>Takes the earliest deadline if it is not after <paramref name="now"/>.</summary>
    internal Deadline? TakeDue(long now)
    {
        if (Earliest > now)
        {
            return null;
        }

        var due = _items[0];
        Remove(due);
        return due;
    }

    private void Restore(int index)
    {
        Rise(index);
        Sink(index);
    }

    private void Rise(int index)
    {
        var item = _items[index];
        while (index > 0)
        {
            var parent = (index - 1) / Arity;
            if (_items[parent].Timestamp <= item.Timestamp)
            {
                break;
            }

            Place(_items[parent], index);
            index = parent;
        }

        Place(item, index);
    }

    private void Sink(int index)
    {
        var item = _items[index];
        while (true)
        {
            var first = (index * Arity) + 1;
            if (first >= Count)
            {
                break;
            }

            var least = first;
            var end = Math.Min(first + Arity, Count);
            for (var child = first + 1; child < end; child++)
            {
                if (_items[child].Timestamp < _items[least].Timestamp)
                {
                    least = child;
                }
            }

            if (_items[least].Timestamp >= item.Timestamp)
            {
                break;
            }

            Place(_items[least], index);
            index = least;
        }

        Place(item, index);
    }

    private void Place(Deadline deadline, int index)
    {
        _items[index] = deadline;
        deadline.HeapIndex = index;
    }
}
