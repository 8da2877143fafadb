using System.Text.Json.Nodes;
using Sandcastle.Testing.ApiServer.Errors;
using Sandcastle.Testing.ApiServer.Objects;
using Sandcastle.Testing.ApiServer.Resources;
using Sandcastle.Testing.ApiServer.Schemas;

namespace Sandcastle.Testing.ApiServer.Admission;

/// <summary>CustomResourceDefinitions: names, versions, structural schemas; established as soon as they are valid.</summary>
public sealed class DefinitionRule(TimeProvider time) : IAdmissionRule
{
    public bool Concerns(ResourceDefinition definition) => definition.Resource == BuiltInResources.Definitions;

    public void Prepare(AdmissionContext context)
    {
        var names = context.New.Child("spec").Child("names");
        names["singular"] ??= names.Text("kind").ToLowerInvariant();
        names["listKind"] ??= names.Text("kind") + "List";
        if (context.Subresource == "status")
        {
            return;
        }

        context.New["status"] = new JsonObject
        {
            ["acceptedNames"] = names.DeepClone(),
            ["storedVersions"] = new JsonArray([.. Versions(context).Where(one => one.Flag("storage")).Select(one => (JsonNode)one.Text("name"))]),
            ["conditions"] = new JsonArray(Condition("NamesAccepted", "NoConflicts", "no conflicts found"), Condition("Established", "InitialNamesAccepted", "the initial names have been accepted")),
        };
        if (context.Old?["status"] is JsonObject before)
        {
            context.New["status"]!["conditions"] = before["conditions"]?.DeepClone();
        }
    }

    public void Validate(AdmissionContext context)
    {
        var spec = context.New.Child("spec");
        var expected = $"{spec.Text("names.plural")}.{spec.Text("group")}";
        if (context.New.Key().Name is var name && name != expected)
        {
            context.Errors.Add(FieldError.Invalid("metadata.name", name, "must be spec.names.plural+\".\"+spec.group"));
        }

        Required(context, "spec.group", "spec.names.plural", "spec.names.kind", "spec.scope");
        if (spec.Text("scope") is { Length: > 0 } and not ("Namespaced" or "Cluster"))
        {
            context.Errors.Add(FieldError.NotSupported("spec.scope", spec.Text("scope"), ["Cluster", "Namespaced"]));
        }

        if (Versions(context).Count(one => one.Flag("storage")) != 1)
        {
            context.Errors.Add(FieldError.Invalid("spec.versions", Printable(spec), "must have exactly one version marked as storage version"));
        }

        foreach (var (version, index) in Versions(context).Select((version, index) => (version, index)))
        {
            // The one schema of a definition with a single version is named as if it stood above the versions.
            ValidateVersion(context, version, $"spec.versions[{index}]", Versions(context).Count() == 1 ? "spec.validation" : $"spec.versions[{index}].schema");
        }
    }

    private static void ValidateVersion(AdmissionContext context, JsonObject version, string path, string schemaPath)
    {
        if (version.At("schema.openAPIV3Schema") is not JsonObject schema)
        {
            context.Errors.Add(FieldError.Required($"{path}.schema.openAPIV3Schema", "schemas are required"));
            return;
        }

        var reader = new SchemaReader();
        var root = reader.Read(schema, $"{schemaPath}.openAPIV3Schema");
        context.Errors.AddRange(reader.Errors);
        if (root.Type is not "object")
        {
            context.Errors.Add(FieldError.Invalid($"{schemaPath}.openAPIV3Schema.type", root.Type ?? "", "must be object at the root"));
        }

        if (version.At("subresources.scale") is JsonObject scale)
        {
            foreach (var field in new[] { "specReplicasPath", "statusReplicasPath" }.Where(field => scale.Text(field).Length == 0))
            {
                context.Errors.Add(FieldError.Required($"{path}.subresources.scale.{field}"));
            }

            if (scale.Text("specReplicasPath") is { Length: > 0 } paths && !paths.StartsWith(".spec.", StringComparison.Ordinal))
            {
                context.Errors.Add(FieldError.Invalid($"{path}.subresources.scale.specReplicasPath", paths, "should be a json path under .spec"));
            }
        }
    }

    private static void Required(AdmissionContext context, params string[] paths) =>
        context.Errors.AddRange(paths.Where(path => context.New.Text(path).Length == 0).Select(path => FieldError.Required(path)));

    private static IEnumerable<JsonObject> Versions(AdmissionContext context) => context.New.Items("spec.versions");

    private static JsonArray Printable(JsonObject spec) => [.. spec.Items("versions").Select(version => (JsonNode)version.Text("name"))];

    private JsonObject Condition(string type, string reason, string message) => new()
    {
        ["type"] = type,
        ["status"] = "True",
        ["lastTransitionTime"] = time.Timestamp(),
        ["reason"] = reason,
        ["message"] = message,
    };
}
