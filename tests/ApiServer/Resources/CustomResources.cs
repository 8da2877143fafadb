using System.Text.Json.Nodes;
using Sandcastle.Testing.ApiServer.Objects;
using Sandcastle.Testing.ApiServer.Schemas;

namespace Sandcastle.Testing.ApiServer.Resources;

/// <summary>Turns a CustomResourceDefinition into what is served.</summary>
/// <remarks>
/// With conversion strategy None every served version shows the same fields under another apiVersion, as in the real server. A webhook
/// that converts is not called: then only the storage version is served.
/// </remarks>
public static class CustomResources
{
    public static GroupResource ResourceOf(JsonObject crd) => new(crd.Text("spec.group"), crd.Text("spec.names.plural"));

    public static IEnumerable<ResourceDefinition> Read(JsonObject crd)
    {
        var converts = crd.Text("spec.conversion.strategy") == "Webhook";
        return crd.Items("spec.versions")
            .Where(version => version.Flag("served") && (!converts || version.Flag("storage")))
            .Select(version => Read(crd, version));
    }

    private static ResourceDefinition Read(JsonObject crd, JsonObject version)
    {
        var names = crd.Child("spec").Child("names");
        return new ResourceDefinition
        {
            Group = crd.Text("spec.group"),
            Version = version.Text("name"),
            Plural = names.Text("plural"),
            Kind = names.Text("kind"),
            Singular = names.Text("singular"),
            ListKindName = names.Text("listKind") is { Length: > 0 } listKind ? listKind : null,
            ShortNames = [.. names.Texts("shortNames")],
            Categories = [.. names.Texts("categories")],
            Namespaced = crd.Text("spec.scope") == "Namespaced",
            IsCustom = true,
            HasGeneration = true,
            UnconditionalUpdate = false,
            HasStatus = version.At("subresources.status") is not null,
            Scale = Scale(version.At("subresources.scale") as JsonObject),
            SelectableFields = [.. version.Items("selectableFields").Select(field => field.Text("jsonPath").TrimStart('.'))],
            Schema = new SchemaReader().Read(version.At("schema.openAPIV3Schema")!.AsObject(), "schema"),
        };
    }

    private static ScalePaths? Scale(JsonObject? scale) => scale is null
        ? null
        : new ScalePaths(scale.Text("specReplicasPath"), scale.Text("statusReplicasPath"), scale.Text("labelSelectorPath") is { Length: > 0 } selector ? selector : null);
}
