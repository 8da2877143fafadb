using System.Text.Json.Nodes;
using Sandcastle.Testing.ApiServer.Errors;
using Sandcastle.Testing.ApiServer.Patches;
using Sandcastle.Testing.ApiServer.Resources;
using Sandcastle.Testing.ApiServer.Selectors;
using Sandcastle.Testing.ApiServer.Storage;

namespace Sandcastle.Testing.ApiServer.Objects;

/// <summary>The objects in the server, for a test to arrange and to assert: all rules hold, but no fault, no authorization and no log.</summary>
/// <remarks>
/// Resources are named <c>pods</c> or <c>workloads.kueue.x-k8s.io</c>; the namespace of what belongs to the cluster is the empty string.
/// Every object given out is a copy. Thread-safe.
/// </remarks>
public sealed class ClusterObjects(ObjectStore store, ResourceCatalogue catalogue, ObjectWriter writer, ObjectRemoval removal)
{
    /// <summary>The revision of the latest change.</summary>
    public long Revision => store.Revision;

    /// <summary>The object, or null.</summary>
    public JsonObject? Find(string resource, string @namespace, string name)
    {
        var definition = catalogue.Resolve(resource);
        return store.Get(definition.Resource, new ObjectKey(@namespace, name))?.Read(definition);
    }

    /// <exception cref="ApiException">404.</exception>
    public JsonObject Get(string resource, string @namespace, string name) =>
        Find(resource, @namespace, name) ?? throw Refusal.NotFound(catalogue.Resolve(resource).Resource, name);

    /// <param name="resource">The collection.</param>
    /// <param name="namespace">Empty for all namespaces.</param>
    /// <param name="labelSelector">As in the query of a list.</param>
    public IReadOnlyList<JsonObject> List(string resource, string @namespace = "", string labelSelector = "")
    {
        var definition = catalogue.Resolve(resource);
        var selection = ObjectSelection.In(@namespace) with { Labels = LabelSelector.Parse(labelSelector) };
        return [.. store.Snapshot(definition.Resource).Values.Where(selection.Matches).Select(one => one.Read(definition))];
    }

    /// <summary>Creates the object; a <c>status</c> that it brings along is written in a second step, as two clients would do.</summary>
    /// <exception cref="ApiException">The refusal.</exception>
    public JsonObject Create(string resource, JsonObject value)
    {
        var definition = catalogue.Resolve(resource);
        var typed = value.DeepClone().AsObject();
        typed["apiVersion"] ??= definition.ApiVersion;
        typed["kind"] ??= definition.Kind;
        lock (store.Gate)
        {
            var created = writer.Create(definition, value.Key().Namespace, typed, WriteOptions.Default);
            return definition.HasStatus && value["status"] is JsonObject status
                ? writer.Update(definition, created.Key(), "status", present => With(present, status), WriteOptions.Default)
                : created;
        }
    }

    /// <summary>Applies a JSON merge patch; <paramref name="subresource"/> may be <c>status</c>.</summary>
    /// <exception cref="ApiException">The refusal.</exception>
    public JsonObject Patch(string resource, string @namespace, string name, JsonObject patch, string subresource = "") =>
        writer.Update(
            catalogue.Resolve(resource), new ObjectKey(@namespace, name), subresource, present => MergePatch.Apply(present, patch)!.AsObject(), WriteOptions.Default);

    /// <summary>Deletes; finalizers and the grace of a bound Pod hold the object as they would for any client.</summary>
    /// <exception cref="ApiException">404.</exception>
    public void Delete(string resource, string @namespace, string name, DeleteOptions? options = null) =>
        removal.Delete(catalogue.Resolve(resource), new ObjectKey(@namespace, name), options ?? DeleteOptions.Default);

    /// <summary>Waits until a collection looks as wanted; looks again after every change of it.</summary>
    /// <param name="resource">The collection.</param>
    /// <param name="namespace">Empty for all namespaces.</param>
    /// <param name="wanted">Looks at the collection; must not change it.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>The collection as it was found to be right.</returns>
    public async Task<IReadOnlyList<JsonObject>> WaitAsync(
        string resource, string @namespace, Func<IReadOnlyList<JsonObject>, bool> wanted, CancellationToken cancellation)
    {
        using var subscription = store.Subscribe(catalogue.Resolve(resource).Resource, after: null)!;
        while (true)
        {
            var found = List(resource, @namespace);
            if (wanted(found))
            {
                return found;
            }

            await subscription.Changes.WaitToReadAsync(cancellation);
            while (subscription.Changes.TryRead(out _))
            {
                // One look covers them all.
            }
        }
    }

    private static JsonObject With(JsonObject present, JsonObject status)
    {
        present["status"] = status.DeepClone();
        return present;
    }
}
