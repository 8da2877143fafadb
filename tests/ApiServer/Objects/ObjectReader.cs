using System.Collections.Immutable;
using System.Text;
using Sandcastle.Testing.ApiServer.Errors;
using Sandcastle.Testing.ApiServer.Resources;
using Sandcastle.Testing.ApiServer.Selectors;
using Sandcastle.Testing.ApiServer.Storage;

namespace Sandcastle.Testing.ApiServer.Objects;

/// <summary>Gets and lists. Pages of one list show one state, however the collection changes meanwhile.</summary>
public sealed class ObjectReader(ObjectStore store)
{
    /// <summary>Lists in progress that are kept; the oldest is forgotten first, and its next page is refused with 410.</summary>
    private const int OpenLists = 100;

    private readonly Lock _gate = new();
    private readonly Queue<(long Revision, GroupResource Resource)> _order = new();
    private readonly Dictionary<(long Revision, GroupResource Resource), ImmutableSortedDictionary<ObjectKey, StoredObject>> _open = [];

    /// <exception cref="ApiException">404: there is none.</exception>
    public StoredObject Get(ResourceDefinition definition, ObjectKey key) =>
        store.Get(definition.Resource, key) ?? throw Refusal.NotFound(definition.Resource, key.Name);

    /// <param name="definition">The collection.</param>
    /// <param name="selection">Which of it.</param>
    /// <param name="limit">Objects a page; 0 for all.</param>
    /// <param name="from">What the page before gave as <see cref="ObjectList.Continue"/>; empty for the first.</param>
    /// <exception cref="ApiException">410: the list was forgotten; 400: no such token.</exception>
    public ObjectList List(ResourceDefinition definition, ObjectSelection selection, int limit = 0, string from = "")
    {
        var (revision, collection, after) = from.Length == 0 ? Fresh(definition) : Resume(definition, from);
        var matching = collection.Values.Where(one => (after is null || one.Key > after) && selection.Matches(one));
        if (limit <= 0)
        {
            return new ObjectList([.. matching], revision, "", null);
        }

        var page = matching.Take(limit + 1).ToList();
        if (page.Count <= limit)
        {
            return new ObjectList(page, revision, "", null);
        }

        page.RemoveAt(limit);
        Keep(revision, definition.Resource, collection);
        var remaining = selection.Labels.IsEverything && selection.Fields.IsEverything ? matching.Count() - limit : (long?)null;
        return new ObjectList(page, revision, Token(revision, page[^1].Key), remaining);
    }

    /// <summary>Forgets every list in progress.</summary>
    public void Forget()
    {
        lock (_gate)
        {
            _open.Clear();
            _order.Clear();
        }
    }

    private (long Revision, ImmutableSortedDictionary<ObjectKey, StoredObject> Collection, ObjectKey? After) Fresh(ResourceDefinition definition)
    {
        lock (store.Gate)
        {
            return (store.Revision, store.Snapshot(definition.Resource), null);
        }
    }

    private (long Revision, ImmutableSortedDictionary<ObjectKey, StoredObject> Collection, ObjectKey? After) Resume(ResourceDefinition definition, string token)
    {
        var (revision, after) = ReadToken(token);
        lock (_gate)
        {
            return _open.TryGetValue((revision, definition.Resource), out var collection)
                ? (revision, collection, after)
                : throw Refusal.Expired(
                    "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, "
                    + "or use the continue token in this response to retrieve the remainder of the results.");
        }
    }

    private void Keep(long revision, GroupResource resource, ImmutableSortedDictionary<ObjectKey, StoredObject> collection)
    {
        lock (_gate)
        {
            if (_open.TryAdd((revision, resource), collection))
            {
                _order.Enqueue((revision, resource));
            }

            while (_order.Count > OpenLists)
            {
                _open.Remove(_order.Dequeue());
            }
        }
    }

    private static string Token(long revision, ObjectKey last) =>
        Convert.ToBase64String(Encoding.UTF8.GetBytes($"{revision}\n{last.Namespace}\n{last.Name}"));

    private static (long Revision, ObjectKey After) ReadToken(string token)
    {
        try
        {
            var parts = Encoding.UTF8.GetString(Convert.FromBase64String(token)).Split('\n');
            return (long.Parse(parts[0]), new ObjectKey(parts[1], parts[2]));
        }
        catch (Exception why) when (why is FormatException or IndexOutOfRangeException or OverflowException)
        {
            throw Refusal.BadRequest("continue key is not valid");
        }
    }
}
