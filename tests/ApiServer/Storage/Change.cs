using Sandcastle.Testing.ApiServer.Resources;

namespace Sandcastle.Testing.ApiServer.Storage;

/// <summary>One write that took effect.</summary>
/// <param name="Resource">The collection.</param>
/// <param name="Kind">What happened.</param>
/// <param name="Object">The new state; of a deletion, the last state with the deletion's revision.</param>
/// <param name="Previous">The state before, or null for a new object.</param>
public sealed record Change(GroupResource Resource, ChangeKind Kind, StoredObject Object, StoredObject? Previous)
{
    public long Revision => Object.Revision;
}
