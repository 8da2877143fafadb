using System.Text.Json.Nodes;
using Sandcastle.Testing.ApiServer.Objects;
using Sandcastle.Testing.ApiServer.Resources;
using Sandcastle.Testing.ApiServer.Storage;

namespace Sandcastle.Testing.ApiServer.Collection;

/// <summary>Deletes what lost its owners, and ends what waits for its dependents: foreground and orphaning deletions, namespaces, definitions.</summary>
public sealed class GarbageCollector(ObjectStore store, ResourceCatalogue catalogue, ObjectWriter writer, ObjectRemoval removal)
{
    /// <summary>Works until there is nothing left to do.</summary>
    /// <returns>How many objects were deleted or changed.</returns>
    public int Collect()
    {
        var total = 0;
        for (var done = -1; done != 0; total += done)
        {
            done = Pass();
        }

        return total;
    }

    private int Pass()
    {
        lock (store.Gate)
        {
            var objects = store.Collections().SelectMany(Objects).ToList();
            var dependents = objects.SelectMany(one => one.Stored.OwnerUids.Select(uid => (Uid: uid, Dependent: one))).ToLookup(one => one.Uid, one => one.Dependent);
            return objects.Sum(one => One(one, dependents)) + Namespaces(objects) + Definitions();
        }
    }

    private IEnumerable<(ResourceDefinition Definition, StoredObject Stored)> Objects(GroupResource resource)
    {
        var definition = catalogue.All.FirstOrDefault(one => one.Resource == resource);
        return definition is null ? [] : store.Snapshot(resource).Values.Select(stored => (definition, stored));
    }

    private int One((ResourceDefinition Definition, StoredObject Stored) one, ILookup<string, (ResourceDefinition Definition, StoredObject Stored)> dependents)
    {
        var (definition, stored) = one;
        if ((!stored.IsDeleting && stored.OwnerUids.Count == 0) || store.Get(definition.Resource, stored.Key)?.Revision != stored.Revision)
        {
            return 0;
        }

        var value = stored.Read(definition);
        if (value.IsDeleting() && value.Finalizers().Contains(ObjectRemoval.OrphanFinalizer))
        {
            return Orphan(definition, stored, dependents[stored.Uid]);
        }

        if (value.IsDeleting() && value.Finalizers().Contains(ObjectRemoval.ForegroundFinalizer))
        {
            return Foreground(definition, stored, dependents[stored.Uid]);
        }

        return stored.OwnerUids.Count > 0 && !value.IsDeleting() ? Ownerless(definition, stored, value) : 0;
    }

    // An owner counts as there only where it can be: with its UID, and in the same namespace or in none.
    private int Ownerless(ResourceDefinition definition, StoredObject stored, JsonObject value)
    {
        var gone = value.Owners().Where(owner => IsGone(owner, stored)).Select(owner => owner.Text("uid")).ToHashSet();
        if (gone.Count == 0)
        {
            return 0;
        }

        if (gone.Count == stored.OwnerUids.Count)
        {
            removal.Delete(definition, stored.Key, DeleteOptions.Default with { PropagationPolicy = "Background" });
            return 1;
        }

        Disown(definition, stored, gone);
        return 1;
    }

    private bool IsGone(JsonObject owner, StoredObject dependent)
    {
        var definition = catalogue.FindKind(owner.Text("apiVersion"), owner.Text("kind"));
        // Of a kind that nobody serves there is no telling.
        return definition is not null
            && store.Get(definition.Resource, new ObjectKey(definition.Namespaced ? dependent.Key.Namespace : "", owner.Text("name")))?.Uid != owner.Text("uid");
    }

    private int Orphan(ResourceDefinition definition, StoredObject stored, IEnumerable<(ResourceDefinition Definition, StoredObject Stored)> dependents)
    {
        foreach (var dependent in dependents)
        {
            Disown(dependent.Definition, dependent.Stored, [stored.Uid]);
        }

        Release(definition, stored, ObjectRemoval.OrphanFinalizer);
        return 1;
    }

    private int Foreground(ResourceDefinition definition, StoredObject stored, IEnumerable<(ResourceDefinition Definition, StoredObject Stored)> dependents)
    {
        var blocking = dependents.Select(one => (one.Definition, Value: one.Stored.Read(one.Definition)))
            .Where(one => one.Value.Owners().Any(owner => owner.Text("uid") == stored.Uid && owner.Flag("blockOwnerDeletion"))).ToList();
        if (blocking.Count == 0)
        {
            Release(definition, stored, ObjectRemoval.ForegroundFinalizer);
            return 1;
        }

        var waiting = blocking.Where(one => !one.Value.IsDeleting()).ToList();
        waiting.ForEach(one => removal.Delete(one.Definition, one.Value.Key(), DeleteOptions.Default with { PropagationPolicy = "Foreground" }));
        return waiting.Count;
    }

    private int Namespaces(IReadOnlyList<(ResourceDefinition Definition, StoredObject Stored)> objects)
    {
        var definition = catalogue.Resolve("namespaces");
        var done = 0;
        foreach (var home in store.Snapshot(definition.Resource).Values.Where(one => one.Fields["status.phase"] == "Terminating"))
        {
            var content = objects.Where(one => one.Stored.Key.Namespace == home.Key.Name && store.Get(one.Definition.Resource, one.Stored.Key) is not null).ToList();
            if (content.Count == 0)
            {
                writer.Update(definition, home.Key, "finalize", WithoutOwnFinalizer, WriteOptions.Default);
                done++;
            }

            foreach (var one in content.Where(one => !one.Stored.IsDeleting))
            {
                removal.Delete(one.Definition, one.Stored.Key, DeleteOptions.Default);
                done++;
            }
        }

        return done;
    }

    private int Definitions()
    {
        var definition = catalogue.Resolve("customresourcedefinitions.apiextensions.k8s.io");
        var done = 0;
        foreach (var crd in store.Snapshot(definition.Resource).Values.Select(one => one.Read(definition)).Where(one => one.IsDeleting()))
        {
            var instances = Objects(CustomResources.ResourceOf(crd)).ToList();
            if (instances.Count == 0)
            {
                Release(definition, store.Get(definition.Resource, crd.Key())!, ObjectRemoval.DefinitionFinalizer);
                done++;
            }

            foreach (var one in instances.Where(one => !one.Stored.IsDeleting))
            {
                removal.Delete(one.Definition, one.Stored.Key, DeleteOptions.Default);
                done++;
            }
        }

        return done;
    }

    private static JsonObject WithoutOwnFinalizer(JsonObject home)
    {
        home.Child("spec").Remove("finalizers");
        return home;
    }

    private void Disown(ResourceDefinition definition, StoredObject stored, HashSet<string> uids) => writer.Update(definition, stored.Key, "", value =>
    {
        value.Metadata()["ownerReferences"] = new JsonArray([.. value.Owners().Where(owner => !uids.Contains(owner.Text("uid"))).Select(owner => owner.DeepClone())]);
        value.Metadata().Remove("resourceVersion");
        return value;
    }, WriteOptions.Default);

    private void Release(ResourceDefinition definition, StoredObject stored, string finalizer) => writer.Update(definition, stored.Key, "", value =>
    {
        value.Metadata()["finalizers"] = new JsonArray([.. value.Finalizers().Where(one => one != finalizer).Select(one => (JsonNode)one)]);
        return value;
    }, WriteOptions.Default);
}
