using Sandcastle.Operator.Cluster;

namespace Sandcastle.Operator.Watch;

/// <summary>
/// Pools that are to be looked at. A key is there once, however often it is added; one that is added while it is worked on comes back
/// afterwards, and is never worked on twice at a time. Bounded by the number of pools. Thread-safe.
/// </summary>
internal sealed class WorkQueue(TimeProvider time) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Queue<ObjectKey> _ready = new();
    private readonly HashSet<ObjectKey> _waiting = [];
    private readonly HashSet<ObjectKey> _working = [];
    private readonly Dictionary<ObjectKey, (DateTimeOffset At, ITimer Timer)> _later = [];
    private readonly Dictionary<ObjectKey, int> _failures = [];
    private readonly SemaphoreSlim _there = new(0);
    private bool _isClosed;

    internal int Depth
    {
        get
        {
            lock (_gate)
            {
                return _waiting.Count;
            }
        }
    }

    internal void Add(ObjectKey key)
    {
        lock (_gate)
        {
            if (!_isClosed && _waiting.Add(key) && !_working.Contains(key))
            {
                _ready.Enqueue(key);
                _there.Release();
            }
        }
    }

    /// <summary>Adds a key after a while; of several whiles the shortest holds.</summary>
    internal void AddAfter(ObjectKey key, TimeSpan delay)
    {
        var at = time.GetUtcNow() + delay;
        lock (_gate)
        {
            if (_isClosed || (_later.TryGetValue(key, out var present) && present.At <= at))
            {
                return;
            }

            present.Timer?.Dispose();
            _later[key] = (at, time.CreateTimer(_ => Due(key, at), null, delay, Timeout.InfiniteTimeSpan));
        }
    }

    /// <summary>Adds a key that failed, after a wait that doubles with every failure in a row.</summary>
    internal void AddFailed(ObjectKey key)
    {
        int failures;
        lock (_gate)
        {
            failures = _failures.GetValueOrDefault(key);
            _failures[key] = failures + 1;
        }

        AddAfter(key, Backoff.Of(failures));
    }

    internal void Forget(ObjectKey key)
    {
        lock (_gate)
        {
            _failures.Remove(key);
        }
    }

    /// <summary>The next key; <see cref="Done"/> must follow.</summary>
    internal async Task<ObjectKey> TakeAsync(CancellationToken cancellationToken)
    {
        await _there.WaitAsync(cancellationToken);
        lock (_gate)
        {
            var key = _ready.Dequeue();
            _waiting.Remove(key);
            _working.Add(key);
            return key;
        }
    }

    internal void Done(ObjectKey key)
    {
        lock (_gate)
        {
            _working.Remove(key);
            if (_waiting.Contains(key))
            {
                _ready.Enqueue(key);
                _there.Release();
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isClosed = true;
            foreach (var (_, timer) in _later.Values)
            {
                timer.Dispose();
            }

            _later.Clear();
        }

        _there.Dispose();
    }

    private void Due(ObjectKey key, DateTimeOffset at)
    {
        lock (_gate)
        {
            if (_isClosed || !_later.TryGetValue(key, out var present) || present.At != at)
            {
                return;
            }

            present.Timer.Dispose();
            _later.Remove(key);
        }

        Add(key);
    }
}
