using System.Collections.Immutable;

namespace Sandcastle.Testing.ApiServer.Resources;

/// <summary>Every served resource. Readers see an immutable snapshot; a CustomResourceDefinition swaps it.</summary>
public sealed class ResourceCatalogue
{
    private ImmutableList<ResourceDefinition> _definitions = [.. BuiltInResources.All];

    public IReadOnlyList<ResourceDefinition> All => Volatile.Read(ref _definitions);

    /// <summary>The definition behind a URL, or null when it is not served.</summary>
    public ResourceDefinition? Find(string group, string version, string plural) =>
        All.FirstOrDefault(one => one.Plural == plural && one.Version == version && one.Group == group);

    /// <summary>The first served version of <c>plural</c> or <c>plural.group</c>; for tests, which have no URL.</summary>
    /// <exception cref="ArgumentException">Nothing of that name is served.</exception>
    public ResourceDefinition Resolve(string resource) =>
        All.FirstOrDefault(one => one.Resource.ToString() == resource)
        ?? throw new ArgumentException($"no resource '{resource}' is served; name it as 'pods' or 'workloads.kueue.x-k8s.io'", nameof(resource));

    /// <summary>The definition that an object's owner reference means, or null.</summary>
    public ResourceDefinition? FindKind(string apiVersion, string kind) =>
        All.FirstOrDefault(one => one.Kind == kind && one.ApiVersion == apiVersion)
        ?? All.FirstOrDefault(one => one.Kind == kind && one.ApiVersion.Split('/')[0] == apiVersion.Split('/')[0]);

    /// <summary>Puts the versions of one resource in the place of those it had; none takes it away.</summary>
    public void Replace(GroupResource resource, IEnumerable<ResourceDefinition> versions) =>
        ImmutableInterlocked.Update(ref _definitions, (all, given) => all.RemoveAll(one => one.Resource == given.resource).AddRange(given.versions), (resource, versions));
}
