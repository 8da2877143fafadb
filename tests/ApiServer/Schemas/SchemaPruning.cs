using System.Text.Json.Nodes;

namespace Sandcastle.Testing.ApiServer.Schemas;

/// <summary>Takes away what a schema does not know.</summary>
public static class SchemaPruning
{
    private static readonly string[] TypeMeta = ["apiVersion", "kind", "metadata"];

    /// <summary>Prunes a whole custom resource in place, and tells the paths that went.</summary>
    public static IReadOnlyList<string> Prune(StructuralSchema schema, JsonObject value)
    {
        var dropped = new List<string>();
        Prune(schema, value, "", isResource: true, dropped);
        return dropped;
    }

    private static void Prune(StructuralSchema schema, JsonNode? node, string path, bool isResource, List<string> dropped)
    {
        if (node is JsonArray items)
        {
            for (var i = 0; schema.Items is not null && i < items.Count; i++)
            {
                Prune(schema.Items, items[i], $"{path}[{i}]", schema.Items.EmbeddedResource, dropped);
            }
        }

        if (node is JsonObject value)
        {
            foreach (var (name, child) in value.ToList())
            {
                PruneField(schema, value, name, child, path.Length == 0 ? name : $"{path}.{name}", isResource || schema.EmbeddedResource, dropped);
            }
        }
    }

    private static void PruneField(
        StructuralSchema schema, JsonObject value, string name, JsonNode? child, string path, bool isResource, List<string> dropped)
    {
        if (isResource && TypeMeta.Contains(name))
        {
            return;
        }

        if (schema.Properties.TryGetValue(name, out var known))
        {
            Prune(known, child, path, known.EmbeddedResource, dropped);
        }
        else if (schema.AdditionalProperties is not null)
        {
            Prune(schema.AdditionalProperties, child, path, schema.AdditionalProperties.EmbeddedResource, dropped);
        }
        else if (!schema.PreserveUnknown)
        {
            value.Remove(name);
            dropped.Add(path);
        }
    }
}
