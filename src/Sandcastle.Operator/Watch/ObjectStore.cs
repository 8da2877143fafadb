using System.Globalization;
using System.Text.Json;
using Sandcastle.Operator.Cluster;
using Sandcastle.Operator.Resources;

namespace Sandcastle.Operator.Watch;

/// <summary>
/// The objects of one kind as they were last seen, by the watch or in the answers to our own writes, whichever is newer: a plan that
/// follows a write must see it, or it would do the same again. Thread-safe.
/// </summary>
internal sealed class ObjectStore<T>(Func<T, ObjectKey?> group, Action<T> changed, Action<string>? unreadable = null)
    where T : KubeObject
{
    /// <summary>How many of the gone are remembered, so that a late answer does not bring them back.</summary>
    private const int MostGone = 10_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<ObjectKey, T> _items = [];
    private readonly Dictionary<ObjectKey, Dictionary<ObjectKey, T>> _groups = [];
    private readonly Dictionary<string, ulong> _gone = new(StringComparer.Ordinal);
    private readonly Queue<string> _goneInOrder = new();

    internal IReadOnlyList<T> All
    {
        get
        {
            lock (_gate)
            {
                return [.. _items.Values];
            }
        }
    }

    internal IReadOnlyList<T> Of(ObjectKey key)
    {
        lock (_gate)
        {
            return _groups.TryGetValue(key, out var items) ? [.. items.Values] : [];
        }
    }

    internal T? Find(ObjectKey key)
    {
        lock (_gate)
        {
            return _items.GetValueOrDefault(key);
        }
    }

    /// <summary>Takes an object over, unless a newer version is known.</summary>
    /// <returns>Whether it was.</returns>
    internal bool Set(JsonElement item)
    {
        if (Read(item) is not { } read || !Put(read))
        {
            return false;
        }

        changed(read);
        return true;
    }

    internal void Remove(JsonElement item)
    {
        if (Read(item) is { } read)
        {
            Remove(read);
        }
    }

    /// <summary>What is known to be gone without its last version: the server said so in answer to our own delete.</summary>
    internal void Remove(ObjectKey key, string uid)
    {
        if (Find(key) is { } item && item.Metadata.Uid == uid)
        {
            Remove(item);
        }
    }

    /// <summary>All there is at a version; what was seen since by our own writes stays.</summary>
    internal void Replace(ObjectPage page)
    {
        var items = page.Items.Select(Read).OfType<T>().ToList();
        var listed = items.Select(Key).ToHashSet();
        var version = Version(page.ResourceVersion);
        List<T> gone;
        lock (_gate)
        {
            gone = [.. _items.Where(pair => !listed.Contains(pair.Key) && Version(pair.Value.Metadata.ResourceVersion) <= version).Select(pair => pair.Value)];
        }

        foreach (var item in gone)
        {
            Remove(item);
        }

        foreach (var item in items.Where(Put))
        {
            changed(item);
        }
    }

    /// <summary>One object that is not as its definition says must not hide all the others.</summary>
    private T? Read(JsonElement item)
    {
        try
        {
            return Json.Read<T>(item);
        }
        catch (JsonException exception)
        {
            unreadable?.Invoke(exception.Message);
            return null;
        }
    }

    private bool Put(T item)
    {
        var key = Key(item);
        lock (_gate)
        {
            var version = Version(item.Metadata.ResourceVersion);
            if ((_items.TryGetValue(key, out var known) && known.Metadata.Uid == item.Metadata.Uid && Version(known.Metadata.ResourceVersion) >= version)
                || _gone.ContainsKey(item.Metadata.Uid))
            {
                return false;
            }

            if (known is not null)
            {
                Ungroup(known, key);
            }

            _items[key] = item;
            if (group(item) is { } name)
            {
                if (!_groups.TryGetValue(name, out var members))
                {
                    _groups[name] = members = [];
                }

                members[key] = item;
            }

            return true;
        }
    }

    private void Remove(T item)
    {
        var key = Key(item);
        lock (_gate)
        {
            if (_gone.TryAdd(item.Metadata.Uid, Version(item.Metadata.ResourceVersion)))
            {
                _goneInOrder.Enqueue(item.Metadata.Uid);
                if (_goneInOrder.Count > MostGone)
                {
                    _gone.Remove(_goneInOrder.Dequeue());
                }
            }

            if (_items.TryGetValue(key, out var known) && known.Metadata.Uid == item.Metadata.Uid)
            {
                _items.Remove(key);
                Ungroup(known, key);
            }
        }

        changed(item);
    }

    private void Ungroup(T item, ObjectKey key)
    {
        if (group(item) is { } name && _groups.TryGetValue(name, out var members) && members.Remove(key) && members.Count == 0)
        {
            _groups.Remove(name);
        }
    }

    private static ObjectKey Key(T item) => new(item.Metadata.Namespace, item.Metadata.Name);

    /// <summary>Versions grow (Kubernetes promises it since 1.35, and etcd's always did); one that is no number counts as new.</summary>
    private static ulong Version(string text) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : ulong.MaxValue;
}
