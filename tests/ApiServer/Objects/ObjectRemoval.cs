using System.Text.Json.Nodes;
using Sandcastle.Testing.ApiServer.Errors;
using Sandcastle.Testing.ApiServer.Resources;
using Sandcastle.Testing.ApiServer.Selectors;
using Sandcastle.Testing.ApiServer.Storage;

namespace Sandcastle.Testing.ApiServer.Objects;

/// <summary>Deletes: at once, or once finalizers are gone and a bound Pod's grace is over.</summary>
public sealed class ObjectRemoval(ObjectStore store, TimeProvider time)
{
    public const string ForegroundFinalizer = "foregroundDeletion";
    public const string OrphanFinalizer = "orphan";
    public const string DefinitionFinalizer = "customresourcecleanup.apiextensions.k8s.io";
    private const long DefaultGraceSeconds = 30;

    /// <summary>Begins to delete, and removes when nothing holds the object.</summary>
    /// <returns>The object's state, and whether it is gone.</returns>
    /// <exception cref="ApiException">404, or 409 when a precondition does not hold.</exception>
    public (JsonObject Value, bool Gone) Delete(ResourceDefinition definition, ObjectKey key, DeleteOptions options)
    {
        lock (store.Gate)
        {
            var stored = store.Get(definition.Resource, key) ?? throw Refusal.NotFound(definition.Resource, key.Name);
            CheckPreconditions(definition, stored, options);
            var value = stored.Read(definition);
            var grace = GraceSeconds(definition, value, options);
            var holding = Finalizers(definition, value, options);
            if (grace == 0 && holding.Count == 0 && !IsNamespaceInUse(definition, value))
            {
                return (options.DryRun ? value : store.Remove(definition, value).Read(definition), true);
            }

            return (Mark(definition, value, grace, holding, options), false);
        }
    }

    /// <summary>Deletes every object of a selection, each as if it were deleted alone.</summary>
    public IReadOnlyList<StoredObject> DeleteMany(ResourceDefinition definition, ObjectSelection selection, DeleteOptions options)
    {
        lock (store.Gate)
        {
            var chosen = store.Snapshot(definition.Resource).Values.Where(selection.Matches).ToList();
            chosen.ForEach(one => Delete(definition, one.Key, options));
            return chosen;
        }
    }

    /// <summary>True while the namespace's own finalizer says that it may still hold objects.</summary>
    internal static bool IsNamespaceInUse(ResourceDefinition definition, JsonObject value) =>
        definition.Resource == BuiltInResources.Namespaces && value.Texts("spec.finalizers").Any();

    private JsonObject Mark(ResourceDefinition definition, JsonObject value, long grace, List<string> holding, DeleteOptions options)
    {
        var metadata = value.Metadata();
        var before = metadata.DeepClone();
        if (!value.IsDeleting())
        {
            metadata["deletionTimestamp"] = time.GetUtcNow().AddSeconds(grace).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'");
            if (metadata["generation"] is not null)
            {
                metadata["generation"] = (value.Number("metadata.generation") ?? 0) + 1;
            }
        }

        // A second deletion may shorten the grace, never lengthen it.
        metadata["deletionGracePeriodSeconds"] = Math.Min(grace, value.Number("metadata.deletionGracePeriodSeconds") ?? grace);
        if (holding.Count > 0)
        {
            metadata["finalizers"] = new JsonArray([.. holding.Select(one => (JsonNode)one)]);
        }

        if (definition.Resource == BuiltInResources.Namespaces)
        {
            value.Put("status.phase", "Terminating");
        }

        return options.DryRun || JsonNode.DeepEquals(before, metadata) ? value : store.Put(definition, value).Read(definition);
    }

    private static List<string> Finalizers(ResourceDefinition definition, JsonObject value, DeleteOptions options)
    {
        var holding = value.Finalizers().ToList();
        if (options.PropagationPolicy is "Foreground" or "Orphan")
        {
            holding.RemoveAll(one => one is ForegroundFinalizer or OrphanFinalizer);
            holding.Add(options.PropagationPolicy == "Orphan" ? OrphanFinalizer : ForegroundFinalizer);
        }

        // A definition goes only when its objects are gone.
        if (definition.Resource == BuiltInResources.Definitions && !holding.Contains(DefinitionFinalizer))
        {
            holding.Add(DefinitionFinalizer);
        }

        return holding;
    }

    private static long GraceSeconds(ResourceDefinition definition, JsonObject value, DeleteOptions options)
    {
        var bound = value.Text("spec.nodeName").Length > 0 && value.Text("status.phase") is not ("Succeeded" or "Failed");
        if (definition.Resource != BuiltInResources.Pods || !bound)
        {
            return 0;
        }

        var wanted = options.GracePeriodSeconds ?? value.Number("spec.terminationGracePeriodSeconds") ?? DefaultGraceSeconds;
        return wanted < 0 ? 1 : wanted;
    }

    private static void CheckPreconditions(ResourceDefinition definition, StoredObject stored, DeleteOptions options)
    {
        if (options.Uid is { } uid && uid != stored.Uid)
        {
            throw Refusal.Precondition(definition, stored.Key.Name,
                $"the UID in the precondition ({uid}) does not match the UID in record ({stored.Uid}). The object might have been deleted and then recreated");
        }

        if (options.ResourceVersion is { } version && version != stored.Revision.ToString())
        {
            throw Refusal.Precondition(definition, stored.Key.Name,
                $"the ResourceVersion in the precondition ({version}) does not match the ResourceVersion in record ({stored.Revision}). The object might have been modified");
        }
    }
}
