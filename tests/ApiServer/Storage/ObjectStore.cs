using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Sandcastle.Testing.ApiServer.Resources;

namespace Sandcastle.Testing.ApiServer.Storage;

/// <summary>All objects, one counter of revisions for all of them, and the changes that watches may resume from.</summary>
/// <remarks>Thread-safe. <see cref="Gate"/> makes several steps one; it may be entered again by its holder.</remarks>
public sealed class ObjectStore(int historyLimit)
{
    private readonly Dictionary<GroupResource, ImmutableSortedDictionary<ObjectKey, StoredObject>> _collections = [];
    private readonly Queue<Change> _history = new();
    private readonly List<Subscription> _subscriptions = [];
    private readonly List<Action<Change>> _listeners = [];

    /// <summary>Held while anything changes. Never awaited under.</summary>
    public Lock Gate { get; } = new();

    /// <summary>The revision of the latest change; the first is 1.</summary>
    public long Revision { get; private set; }

    /// <summary>Changes up to this revision can no longer be watched from.</summary>
    public long Compacted { get; private set; }

    /// <summary>A collection as it is now; the snapshot never changes.</summary>
    public ImmutableSortedDictionary<ObjectKey, StoredObject> Snapshot(GroupResource resource)
    {
        lock (Gate)
        {
            return _collections.GetValueOrDefault(resource, ImmutableSortedDictionary<ObjectKey, StoredObject>.Empty);
        }
    }

    /// <summary>Every collection that was ever written to.</summary>
    public IReadOnlyList<GroupResource> Collections()
    {
        lock (Gate)
        {
            return [.. _collections.Keys];
        }
    }

    public StoredObject? Get(GroupResource resource, ObjectKey key) => Snapshot(resource).GetValueOrDefault(key);

    /// <summary>Adds or replaces, with the next revision.</summary>
    public StoredObject Put(ResourceDefinition definition, JsonObject value)
    {
        lock (Gate)
        {
            var collection = Snapshot(definition.Resource);
            var stored = new StoredObject(definition, value, ++Revision);
            var previous = collection.GetValueOrDefault(stored.Key);
            _collections[definition.Resource] = collection.SetItem(stored.Key, stored);
            Record(new Change(definition.Resource, previous is null ? ChangeKind.Added : ChangeKind.Modified, stored, previous));
            return stored;
        }
    }

    /// <summary>Takes an object away; <paramref name="last"/> is what watches see of it.</summary>
    public StoredObject Remove(ResourceDefinition definition, JsonObject last)
    {
        lock (Gate)
        {
            var collection = Snapshot(definition.Resource);
            var stored = new StoredObject(definition, last, ++Revision);
            var previous = collection[stored.Key];
            _collections[definition.Resource] = collection.Remove(stored.Key);
            Record(new Change(definition.Resource, ChangeKind.Deleted, stored, previous));
            return stored;
        }
    }

    /// <summary>Follows a collection from a revision on, or from now; null when that revision's changes are no longer kept.</summary>
    public Subscription? Subscribe(GroupResource resource, long? after)
    {
        lock (Gate)
        {
            if (after < Compacted)
            {
                return null;
            }

            var missed = after is null ? [] : _history.Where(change => change.Revision > after && change.Resource == resource).ToList();
            var subscription = new Subscription(resource, missed, ended => { lock (Gate) { _subscriptions.Remove(ended); } });
            _subscriptions.Add(subscription);
            return subscription;
        }
    }

    /// <summary>Calls the listener under <see cref="Gate"/> after each change, for as long as the store lives; it only takes note.</summary>
    public void Listen(Action<Change> listener)
    {
        lock (Gate)
        {
            _listeners.Add(listener);
        }
    }

    /// <summary>Forgets all history: a watch that resumes from before now is told 410 Gone.</summary>
    public void Compact()
    {
        lock (Gate)
        {
            _history.Clear();
            // A revision of its own, so that even a client that has seen the last change is too old.
            Compacted = ++Revision;
        }
    }

    private void Record(Change change)
    {
        _history.Enqueue(change);
        while (_history.Count > historyLimit)
        {
            Compacted = _history.Dequeue().Revision;
        }

        foreach (var subscription in _subscriptions.ToList())
        {
            if (subscription.Resource == change.Resource)
            {
                subscription.Offer(change);
            }
        }

        _listeners.ForEach(listener => listener(change));
    }
}
