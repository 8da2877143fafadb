using Sandcastle.Protocol.Runs;

namespace Sandcastle.Manager.Runs;

/// <summary>
/// Results of ended runs, for a while. A run with an idempotency key is a promise and stays its full time, if need be
/// without its output; one without a key is a courtesy and goes when room is short. Safe for concurrent use.
/// </summary>
public sealed class RunRetention(RetentionOptions options, TimeProvider clock)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<RunId, Kept> _byId = [];
    private readonly Dictionary<(string Tenant, string Key), Kept> _byKey = [];
    private readonly LinkedList<Kept> _plain = [];
    private readonly LinkedList<Kept> _keyed = [];
    private readonly Dictionary<string, int> _keyedOf = new(StringComparer.Ordinal);
    private LinkedListNode<Kept>? _firstKeyedWithOutput;
    private long _bytes;

    /// <summary>
    /// Null, or how long until there is room for one more run of this tenant with a key. Where all is taken there is room for whoever has less than an
    /// equal share of it, up to as much again: one that has many keys takes none from the others.
    /// </summary>
    public TimeSpan? KeyedRoomIn(string tenant)
    {
        lock (_gate)
        {
            DropExpired();
            var held = _keyedOf.GetValueOrDefault(tenant);
            var share = options.Count / (_keyedOf.Count + (held == 0 ? 1 : 0));
            return _keyed.Count < options.Count || (held < share && _keyed.Count < 2L * options.Count) ? null : _keyed.First!.Value.Until - clock.GetUtcNow();
        }
    }

    public void Keep(RunRecord record, IdempotencyKey? key)
    {
        var kept = new Kept(record, key, clock.GetUtcNow() + options.Time);
        lock (_gate)
        {
            DropExpired();
            _byId[record.Id] = kept;
            _bytes += record.RetainedBytes;
            if (key is null)
            {
                _plain.AddLast(kept);
            }
            else
            {
                _byKey[(record.Tenant, key.Value)] = kept;
                _keyedOf[record.Tenant] = _keyedOf.GetValueOrDefault(record.Tenant) + 1;
                var node = _keyed.AddLast(kept);
                _firstKeyedWithOutput ??= node;
            }

            MakeRoom();
        }
    }

    public RunRecord? Find(RunId id)
    {
        lock (_gate)
        {
            DropExpired();
            return _byId.GetValueOrDefault(id)?.Record;
        }
    }

    public (RunRecord Record, IdempotencyKey Key)? Find(string tenant, string key)
    {
        lock (_gate)
        {
            DropExpired();
            return _byKey.TryGetValue((tenant, key), out var kept) ? (kept.Record, kept.Key!) : null;
        }
    }

    /// <summary>Lets go of what is past its time; every other call does it too, this one is for quiet hours.</summary>
    public void Sweep()
    {
        lock (_gate)
        {
            DropExpired();
        }
    }

    private void DropExpired()
    {
        var now = clock.GetUtcNow();
        while (_plain.First is { } oldest && oldest.Value.Until <= now)
        {
            Drop(_plain);
        }

        while (_keyed.First is { } oldest && oldest.Value.Until <= now)
        {
            Drop(_keyed);
        }
    }

    private void MakeRoom()
    {
        while (_plain.Count > 0 && (_byId.Count > options.Count || _bytes > options.Bytes))
        {
            Drop(_plain);
        }

        while (_bytes > options.Bytes && _firstKeyedWithOutput is { } node)
        {
            _bytes -= node.Value.Record.RetainedBytes;
            node.Value.Record = node.Value.Record.WithoutOutput();
            _bytes += node.Value.Record.RetainedBytes;
            _firstKeyedWithOutput = node.Next;
        }
    }

    private void Drop(LinkedList<Kept> list)
    {
        var node = list.First!;
        if (ReferenceEquals(node, _firstKeyedWithOutput))
        {
            _firstKeyedWithOutput = node.Next;
        }

        list.RemoveFirst();
        _byId.Remove(node.Value.Record.Id);
        _bytes -= node.Value.Record.RetainedBytes;
        if (node.Value.Key is { } key)
        {
            var tenant = node.Value.Record.Tenant;
            _byKey.Remove((tenant, key.Value));
            if (--_keyedOf[tenant] == 0)
            {
                _keyedOf.Remove(tenant);
            }
        }
    }

    private sealed class Kept(RunRecord record, IdempotencyKey? key, DateTimeOffset until)
    {
        public RunRecord Record { get; set; } = record;

        public IdempotencyKey? Key { get; } = key;

        public DateTimeOffset Until { get; } = until;
    }
}
