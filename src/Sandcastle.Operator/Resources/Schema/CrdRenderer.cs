using System.Reflection;
using System.Text.Json.Nodes;

namespace Sandcastle.Operator.Resources.Schema;

/// <summary>The CustomResourceDefinition of a type: deploy/crds holds what this makes, and a test says so.</summary>
public static class CrdRenderer
{
    /// <summary>Every type that has one.</summary>
    public static IReadOnlyList<Type> Types { get; } =
        [.. typeof(CrdRenderer).Assembly.GetTypes().Where(type => type.IsDefined(typeof(DefinedAttribute))).OrderBy(type => type.Name, StringComparer.Ordinal)];

    public static string FileName(Type type) => $"{Group.Name}_{Definition(type).Plural}.yaml";

    public static JsonObject Render(Type type)
    {
        var definition = Definition(type);
        return new JsonObject
        {
            ["apiVersion"] = "apiextensions.k8s.io/v1",
            ["kind"] = "CustomResourceDefinition",
            ["metadata"] = new JsonObject { ["name"] = $"{definition.Plural}.{Group.Name}" },
            ["spec"] = new JsonObject
            {
                ["group"] = Group.Name,
                ["names"] = new JsonObject
                {
                    ["kind"] = type.Name,
                    ["listKind"] = type.Name + "List",
                    ["plural"] = definition.Plural,
                    ["singular"] = type.Name.ToLowerInvariant(),
                    ["shortNames"] = new JsonArray(definition.ShortName),
                    ["categories"] = new JsonArray(Group.Category),
                },
                ["scope"] = "Namespaced",
                ["versions"] = new JsonArray(Version(type, definition)),
            },
        };
    }

    private static JsonObject Version(Type type, DefinedAttribute definition)
    {
        var subresources = new JsonObject { ["status"] = new JsonObject() };
        if (definition.ReplicasPath is not null)
        {
            subresources["scale"] = new JsonObject
            {
                ["specReplicasPath"] = definition.ReplicasPath,
                ["statusReplicasPath"] = definition.StatusReplicasPath,
                ["labelSelectorPath"] = definition.SelectorPath,
            };
        }

        return new JsonObject
        {
            ["name"] = Group.Version,
            ["served"] = true,
            ["storage"] = true,
            ["additionalPrinterColumns"] = new JsonArray([.. type.GetCustomAttributes<ColumnAttribute>().Select(Column)]),
            ["subresources"] = subresources,
            ["schema"] = new JsonObject { ["openAPIV3Schema"] = SchemaRenderer.Root(type) },
        };
    }

    private static JsonObject Column(ColumnAttribute column)
    {
        var rendered = new JsonObject { ["name"] = column.Name, ["type"] = column.Type, ["jsonPath"] = column.JsonPath };
        if (column.Priority != 0)
        {
            rendered["priority"] = column.Priority;
        }

        return rendered;
    }

    private static DefinedAttribute Definition(Type type) =>
        type.GetCustomAttribute<DefinedAttribute>() ?? throw new ArgumentException($"{type.Name} has no definition.", nameof(type));
}
