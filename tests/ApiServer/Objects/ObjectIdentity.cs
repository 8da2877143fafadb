using System.Text.Json.Nodes;
using Sandcastle.Testing.ApiServer.Errors;
using Sandcastle.Testing.ApiServer.Resources;

namespace Sandcastle.Testing.ApiServer.Objects;

/// <summary>The parts of an object's metadata that belong to the server.</summary>
internal static class ObjectIdentity
{
    private const string SuffixAlphabet = "bcdfghjklmnpqrstvwxz2456789";

    private static readonly string[] ServersOwn = ["uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "generation"];

    /// <summary>A copy with the identity of a new object.</summary>
    public static JsonObject ForCreate(ResourceDefinition definition, string @namespace, JsonObject given, TimeProvider time)
    {
        var value = Typed(definition, given);
        var metadata = value.Metadata();
        if (metadata.Text("resourceVersion") is not ("" or "0"))
        {
            throw new ApiException(500, "", "resourceVersion should not be set on objects to be created");
        }

        CheckNamespace(definition, @namespace, metadata);
        foreach (var name in ServersOwn.Append("managedFields").Append("selfLink").Append("resourceVersion"))
        {
            metadata.Remove(name);
        }

        if (metadata.Text("name").Length == 0 && metadata.Text("generateName") is { Length: > 0 } prefix)
        {
            metadata["name"] = prefix + new string(Random.Shared.GetItems<char>(SuffixAlphabet, 5));
        }

        metadata["uid"] = Guid.NewGuid().ToString();
        metadata["creationTimestamp"] = time.Timestamp();
        if (definition.HasGeneration || definition.IsCustom)
        {
            metadata["generation"] = 1;
        }

        return value;
    }

    /// <summary>That <paramref name="wanted"/> is the same object in the state that the writer believes it in.</summary>
    public static void CheckUpdate(ResourceDefinition definition, JsonObject old, JsonObject wanted, WriteOptions options)
    {
        var typed = Typed(definition, wanted);
        wanted["apiVersion"] = typed["apiVersion"]!.DeepClone();
        wanted["kind"] = typed["kind"]!.DeepClone();
        var (metadata, key) = (wanted.Metadata(), old.Key());
        if (metadata.Text("name") is var name && name != key.Name)
        {
            throw Refusal.BadRequest(name.Length == 0
                ? "name must be provided"
                : $"the name of the object ({name}) does not match the name on the URL ({key.Name})");
        }

        CheckNamespace(definition, key.Namespace, metadata);
        CheckVersion(definition, old, metadata, options);
        var (present, expected) = (old.Text("metadata.uid"), metadata.Text("uid"));
        if (expected.Length > 0 && expected != present)
        {
            throw Refusal.Conflict(definition.Resource, key.Name,
                $"StorageError: invalid object, Code: 4, Key: /registry/{definition.Resource.Plural}/{key}, ResourceVersion: 0, "
                + $"AdditionalErrorMsg: Precondition failed: UID in precondition: {expected}, UID in object meta: {present}");
        }
    }

    /// <summary>Gives <paramref name="next"/> what the server alone decides.</summary>
    public static void Keep(JsonObject old, JsonObject next)
    {
        var metadata = next.Metadata();
        metadata.Remove("managedFields");
        metadata.Remove("selfLink");
        foreach (var name in ServersOwn.Append("resourceVersion"))
        {
            metadata.Remove(name);
            if (old.Metadata()[name] is { } kept)
            {
                metadata[name] = kept.DeepClone();
            }
        }
    }

    private static void CheckVersion(ResourceDefinition definition, JsonObject old, JsonObject metadata, WriteOptions options)
    {
        var version = metadata.Text("resourceVersion");
        if (version.Length > 0 && version != old.Text("metadata.resourceVersion"))
        {
            throw Refusal.Stale(definition.Resource, old.Key().Name);
        }

        if (version.Length == 0 && options.Replaces && (definition.IsCustom || !definition.UnconditionalUpdate))
        {
            throw Refusal.VersionRequired(definition, old.Key().Name);
        }
    }

    private static void CheckNamespace(ResourceDefinition definition, string @namespace, JsonObject metadata)
    {
        if (!definition.Namespaced)
        {
            metadata.Remove("namespace");
        }
        else if (metadata.Text("namespace") is { Length: > 0 } stated && stated != @namespace)
        {
            throw Refusal.BadRequest("the namespace of the provided object does not match the namespace sent on the request");
        }
        else
        {
            metadata["namespace"] = @namespace;
        }
    }

    // Built-in types may leave out what the URL says anyhow; custom resources may not.
    private static JsonObject Typed(ResourceDefinition definition, JsonObject given)
    {
        var value = given.DeepClone().AsObject();
        foreach (var (name, wanted, what) in new[] { ("apiVersion", definition.ApiVersion, "API version"), ("kind", definition.Kind, "kind") })
        {
            var stated = value.Text(name);
            if (stated.Length == 0 && definition.IsCustom)
            {
                throw Refusal.BadRequest(
                    $"the object provided is unrecognized (must be of type {definition.Kind}): Object '{char.ToUpperInvariant(name[0])}{name[1..]}' is missing in '{FieldError.Print(given)}'");
            }

            if (stated.Length > 0 && stated != wanted)
            {
                throw Refusal.BadRequest($"the {what} in the data ({stated}) does not match the expected {what} ({wanted})");
            }

            value.Remove(name);
        }

        value.Insert(0, "apiVersion", definition.ApiVersion);
        value.Insert(1, "kind", definition.Kind);
        return value;
    }
}
