using System.Text.Json.Nodes;
using Sandcastle.Testing.ApiServer.Errors;
using Sandcastle.Testing.ApiServer.Resources;

namespace Sandcastle.Testing.ApiServer.Objects;

/// <summary>The <c>autoscaling/v1</c> Scale of an object: figures read from it and written back into it.</summary>
internal static class ScaleSubresource
{
    /// <summary>The Scale of an object.</summary>
    /// <param name="definition">With a scale subresource.</param>
    /// <param name="value">The object.</param>
    /// <param name="isRead">A GET fails when nobody has set the count yet, as in the real server; a write does not.</param>
    public static JsonObject Read(ResourceDefinition definition, JsonObject value, bool isRead)
    {
        var paths = definition.Scale!;
        if (isRead && value.At(paths.SpecReplicas) is null && definition.IsCustom)
        {
            throw Refusal.Internal($"the spec replicas field \"{paths.SpecReplicas}\" does not exist");
        }

        var metadata = new JsonObject();
        foreach (var name in new[] { "name", "namespace", "uid", "resourceVersion", "creationTimestamp" })
        {
            metadata[name] = value.Metadata()[name]?.DeepClone();
        }

        var status = new JsonObject { ["replicas"] = value.Number(paths.StatusReplicas) ?? 0 };
        if (paths.LabelSelector is { } selector && value.Text(selector) is { Length: > 0 } text)
        {
            status["selector"] = text;
        }

        return new JsonObject
        {
            ["kind"] = "Scale",
            ["apiVersion"] = "autoscaling/v1",
            ["metadata"] = metadata,
            ["spec"] = new JsonObject { ["replicas"] = value.Number(paths.SpecReplicas) ?? 0 },
            ["status"] = status,
        };
    }

    /// <summary>The object with the count that a Scale asks for.</summary>
    /// <exception cref="ApiException">400: no Scale, or one without a count.</exception>
    public static JsonObject Write(ResourceDefinition definition, JsonObject value, JsonObject scale)
    {
        if (scale.Text("kind") is { Length: > 0 } and not "Scale")
        {
            throw Refusal.BadRequest($"wrong object passed to Scale update: {scale.Text("kind")}");
        }

        var replicas = scale.Number("spec.replicas") ?? throw Refusal.BadRequest("a Scale needs a whole number in spec.replicas");
        var next = value.DeepClone().AsObject();
        next.Put(definition.Scale!.SpecReplicas, replicas);
        next.Metadata()["resourceVersion"] = scale.Text("metadata.resourceVersion");
        return next;
    }
}
