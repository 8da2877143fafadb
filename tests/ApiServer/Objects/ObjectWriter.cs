using System.Text.Json.Nodes;
using Sandcastle.Testing.ApiServer.Admission;
using Sandcastle.Testing.ApiServer.Errors;
using Sandcastle.Testing.ApiServer.Resources;
using Sandcastle.Testing.ApiServer.Schemas;
using Sandcastle.Testing.ApiServer.Storage;

namespace Sandcastle.Testing.ApiServer.Objects;

/// <summary>Creates and changes objects: identity, versions, generation, status split, schema and rules, in one step each.</summary>
public sealed class ObjectWriter(ObjectStore store, IReadOnlyList<IAdmissionRule> rules, TimeProvider time)
{
    /// <summary>Adds a new object.</summary>
    /// <returns>The object as it was kept.</returns>
    /// <exception cref="ApiException">The refusal.</exception>
    public JsonObject Create(ResourceDefinition definition, string @namespace, JsonObject given, WriteOptions options)
    {
        lock (store.Gate)
        {
            var value = ObjectIdentity.ForCreate(definition, @namespace, given, time);
            if (definition.Namespaced)
            {
                NamespaceRule.RequireOpen(store, definition, value.Key());
            }

            if (definition.HasStatus)
            {
                value.Remove("status");
            }

            Settle(new AdmissionContext { Operation = WriteOperation.Create, Definition = definition, Subresource = "", New = value, Store = store }, options);
            var key = value.Key();
            if (store.Get(definition.Resource, key) is not null)
            {
                throw Refusal.AlreadyExists(definition.Resource, key.Name);
            }

            return options.DryRun ? value : store.Put(definition, value).Read(definition);
        }
    }

    /// <summary>Changes an object, or a part of it when <paramref name="subresource"/> is <c>status</c>.</summary>
    /// <param name="definition">The collection.</param>
    /// <param name="key">Which object.</param>
    /// <param name="subresource">Empty, <c>status</c>, or another one, which may change all but the server's own metadata.</param>
    /// <param name="change">Gives the wanted object from a copy of the one that is there.</param>
    /// <param name="options">How.</param>
    /// <returns>The object as it was kept; of one whose last finalizer went, its last state.</returns>
    /// <exception cref="ApiException">The refusal; 409 when the wanted object carries a resourceVersion that is not the present one.</exception>
    public JsonObject Update(ResourceDefinition definition, ObjectKey key, string subresource, Func<JsonObject, JsonObject> change, WriteOptions options)
    {
        lock (store.Gate)
        {
            var stored = store.Get(definition.Resource, key) ?? throw Refusal.NotFound(definition.Resource, key.Name);
            var old = stored.Read(definition);
            var wanted = change(old.DeepClone().AsObject());
            ObjectIdentity.CheckUpdate(definition, old, wanted, options);
            var next = Combine(definition, subresource, old, wanted);
            ObjectIdentity.Keep(old, next);
            Settle(
                new AdmissionContext { Operation = WriteOperation.Update, Definition = definition, Subresource = subresource, Old = old, New = next, Store = store },
                options);
            return options.DryRun ? next : Commit(definition, old, next);
        }
    }

    private JsonObject Commit(ResourceDefinition definition, JsonObject old, JsonObject next)
    {
        if (JsonNode.DeepEquals(old, next))
        {
            return old;
        }

        if (definition.HasGeneration || definition.IsCustom)
        {
            var changed = !JsonNode.DeepEquals(Desired(definition, old), Desired(definition, next));
            next.Metadata()["generation"] = (old.Number("metadata.generation") ?? 0) + (changed ? 1 : 0);
        }

        var free = next.Finalizers().Count == 0 && !ObjectRemoval.IsNamespaceInUse(definition, next);
        if (next.IsDeleting() && free && (next.Number("metadata.deletionGracePeriodSeconds") ?? 0) == 0)
        {
            return store.Remove(definition, next).Read(definition);
        }

        return store.Put(definition, next).Read(definition);
    }

    private static JsonObject Combine(ResourceDefinition definition, string subresource, JsonObject old, JsonObject wanted)
    {
        if (subresource == "status")
        {
            var next = old.DeepClone().AsObject();
            SetOrRemove(next, "status", wanted["status"]);
            return next;
        }

        var main = wanted.DeepClone().AsObject();
        if (definition.HasStatus && subresource.Length == 0)
        {
            SetOrRemove(main, "status", old["status"]);
        }

        return main;
    }

    private static void SetOrRemove(JsonObject value, string name, JsonNode? node)
    {
        value.Remove(name);
        if (node is not null)
        {
            value[name] = node.DeepClone();
        }
    }

    private void Settle(AdmissionContext context, WriteOptions options)
    {
        var schema = context.Definition.Schema;
        if (schema is not null)
        {
            var dropped = SchemaPruning.Prune(schema, context.New);
            if (options.Strict && dropped.Count > 0)
            {
                throw Refusal.BadRequest(
                    $"{context.Definition.Kind} in version \"{context.Definition.Version}\" cannot be handled as a {context.Definition.Kind}: strict decoding error: {string.Join(", ", dropped.Select(path => $"unknown field \"{path}\""))}");
            }

            SchemaDefaults.Apply(schema, context.New);
        }

        var concerned = rules.Where(rule => rule.Concerns(context.Definition)).ToList();
        concerned.ForEach(rule => rule.Prepare(context));
        context.Errors.AddRange(MetadataRules.Check(context));
        if (schema is not null)
        {
            context.Errors.AddRange(SchemaValidation.Validate(schema, context.New));
        }

        if (context.Definition.Scale?.SpecReplicas is { } replicas && context.New.Number(replicas) is < 0 and var count)
        {
            context.Errors.Add(FieldError.Invalid(replicas, count, "should be a non-negative integer"));
        }

        // What Kueue's definitions say is in the Kueue folder, as far as it is held to.
        if (schema is not null && context.Errors.Count == 0 && context.Definition.Group != "kueue.x-k8s.io")
        {
            context.Errors.AddRange(SchemaRules.Validate(schema, context.New, context.Old));
        }

        concerned.ForEach(rule => rule.Validate(context));
        if (Refusal.Invalid(context.Definition, context.New.Key().Name, context.Errors) is { } invalid)
        {
            throw invalid;
        }

        concerned.ForEach(rule => rule.Review(context));
    }

    // What a generation counts the changes of: everything that a person wants, not what was seen.
    private static JsonObject Desired(ResourceDefinition definition, JsonObject value)
    {
        var desired = value.DeepClone().AsObject();
        desired.Remove("metadata");
        if (definition.HasStatus)
        {
            desired.Remove("status");
        }

        return desired;
    }
}
