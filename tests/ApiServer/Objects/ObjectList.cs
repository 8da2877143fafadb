using Sandcastle.Testing.ApiServer.Storage;

namespace Sandcastle.Testing.ApiServer.Objects;

/// <summary>One page of a list.</summary>
/// <param name="Items">In order of namespace and name.</param>
/// <param name="Revision">The state that all pages of this list show.</param>
/// <param name="Continue">Where the next page begins; empty for the last one.</param>
/// <param name="Remaining">Objects after this page; null when a selector makes it unknown, or for the last page.</param>
public sealed record ObjectList(IReadOnlyList<StoredObject> Items, long Revision, string Continue, long? Remaining);
