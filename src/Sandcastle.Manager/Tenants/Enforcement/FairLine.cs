namespace Sandcastle.Manager.Tenants.Enforcement;

/// <summary>
/// Who waits for something that is handed out piece by piece. Tenants are served by stride: each has a pass that grows with what it
/// got, divided by its weight, and the lowest pass is next. So shares follow weights, a tenant that comes late begins where the others are
/// (no credit for idle time), and however many one tenant has in line, another waits for its own turn only. The runs of one tenant keep
/// their order. Its owner holds a lock.
/// </summary>
internal sealed class FairLine<T>
    where T : class
{
    private readonly Dictionary<string, Share> _shares = new(StringComparer.Ordinal);
    private double _now;
    private long _arrivals;

    public int Count { get; private set; }

    /// <summary>Those of one tenant, in their order.</summary>
    public IEnumerable<T> Of(string tenant) => _shares.GetValueOrDefault(tenant)?.Waiting.Select(entry => entry.Item) ?? [];

    public IEnumerable<T> All => _shares.Values.SelectMany(share => share.Waiting).Select(entry => entry.Item);

    /// <param name="tenant">Whose turn it takes.</param>
    /// <param name="weight">At least 1; the newest counts.</param>
    /// <param name="cost">What serving it is expected to cost, above zero.</param>
    /// <param name="item">Who waits.</param>
    /// <returns>Its number among all that ever came, for <see cref="PutBack"/>.</returns>
    public long Join(string tenant, int weight, double cost, T item)
    {
        var arrival = ++_arrivals;
        ShareOf(tenant, weight).Waiting.AddLast(new Entry(item, cost, arrival));
        return arrival;
    }

    /// <summary>The one to be served next, out of the line; null when nobody waits.</summary>
    public T? Next()
    {
        if (Best() is not { } share)
        {
            return null;
        }

        var (item, cost, _) = share.Waiting.First!.Value;
        share.Waiting.RemoveFirst();
        _now = Math.Max(_now, share.Pass);
        share.Pass += cost / share.Weight;
        Left();
        return item;
    }

    /// <summary>It could not be served: where it was among its tenant's, as if it had not been called.</summary>
    public void PutBack(string tenant, int weight, double cost, T item, long arrival)
    {
        var share = ShareOf(tenant, weight);
        var later = share.Waiting.First;
        while (later?.Value.Arrival < arrival)
        {
            later = later.Next;
        }

        var entry = new Entry(item, cost, arrival);
        _ = later is null ? share.Waiting.AddLast(entry) : share.Waiting.AddBefore(later, entry);
        share.Pass -= cost / share.Weight;
    }

    /// <summary>Somebody gave up. 0 when it is not in the line, else the place that it had among its tenant's, from 1.</summary>
    public int Remove(string tenant, T item)
    {
        var place = PlaceOf(tenant, item);
        if (place > 0)
        {
            var waiting = _shares[tenant].Waiting;
            waiting.Remove(waiting.First(entry => ReferenceEquals(entry.Item, item)));
            Left();
        }

        return place;
    }

    /// <summary>Among its tenant's, from 1; 0 when it is not in the line.</summary>
    public int PlaceOf(string tenant, T item)
    {
        var place = 0;
        foreach (var entry in _shares.GetValueOrDefault(tenant)?.Waiting ?? [])
        {
            place++;
            if (ReferenceEquals(entry.Item, item))
            {
                return place;
            }
        }

        return 0;
    }

    /// <summary>
    /// Lets somebody pass who does not wait: when nobody does, or when his tenant, with nobody in line, would be next. He is charged as if he
    /// had waited.
    /// </summary>
    public bool TryPass(string tenant, int weight, double cost)
    {
        if (Count == 0)
        {
            return true;
        }

        var share = _shares.GetValueOrDefault(tenant);
        var now = Now();
        var pass = Math.Max(now, share?.Pass ?? now);
        if (share?.Waiting.Count > 0 || pass >= Best()!.Pass)
        {
            return false;
        }

        share ??= _shares[tenant] = new Share { Order = ++_arrivals };
        (share.Weight, share.Pass) = (weight, pass + (cost / weight));
        return true;
    }

    /// <summary>What was served cost more, or less, than was expected. No effect on a tenant that has nothing to do with the line any more.</summary>
    public void Correct(string tenant, double difference)
    {
        if (_shares.TryGetValue(tenant, out var share))
        {
            share.Pass += difference / share.Weight;
        }
    }

    private Share ShareOf(string tenant, int weight)
    {
        if (!_shares.TryGetValue(tenant, out var share))
        {
            share = _shares[tenant] = new Share { Pass = Now(), Order = ++_arrivals };
        }
        else if (share.Waiting.Count == 0)
        {
            share.Pass = Math.Max(share.Pass, Now());
        }

        share.Weight = weight;
        Count++;
        return share;
    }

    /// <summary>Where the line is. What was put back, or cost less than expected, may stand behind the last that was called: nobody begins behind it.</summary>
    private double Now() => Best() is { } best ? Math.Min(_now, best.Pass) : _now;

    private Share? Best()
    {
        Share? best = null;
        foreach (var share in _shares.Values)
        {
            if (share.Waiting.Count > 0 && (best is null || (share.Pass, share.Order).CompareTo((best.Pass, best.Order)) < 0))
            {
                best = share;
            }
        }

        return best;
    }

    /// <summary>Shares outlive their last waiter, or leaving and coming back would wipe out what was got; an empty line forgets them all.</summary>
    private void Left()
    {
        Count--;
        if (Count == 0)
        {
            _shares.Clear();
            _now = 0;
        }
    }

    private sealed class Share
    {
        public double Pass { get; set; }

        public int Weight { get; set; } = 1;

        /// <summary>Breaks ties: who came first.</summary>
        public required long Order { get; init; }

        public LinkedList<Entry> Waiting { get; } = [];
    }

    private sealed record Entry(T Item, double Cost, long Arrival);
}
