using System.Text.Json.Nodes;

namespace Sandcastle.Testing.ApiServer.Schemas;

/// <summary>Fills in what a schema has a default for.</summary>
public static class SchemaDefaults
{
    /// <summary>In place. A null that the schema does not allow counts as missing.</summary>
    public static void Apply(StructuralSchema schema, JsonNode? node)
    {
        if (node is JsonArray items && schema.Items is not null)
        {
            foreach (var item in items)
            {
                Apply(schema.Items, item);
            }
        }

        if (node is not JsonObject value)
        {
            return;
        }

        foreach (var (name, property) in schema.Properties)
        {
            if (!property.Nullable && value.ContainsKey(name) && value[name] is null)
            {
                value.Remove(name);
            }

            if (property.HasDefault && !value.ContainsKey(name))
            {
                value[name] = property.Default?.DeepClone();
            }
        }

        foreach (var (name, child) in value.ToList())
        {
            if (child is not null && (schema.Properties.GetValueOrDefault(name) ?? schema.AdditionalProperties) is { } known)
            {
                Apply(known, child);
            }
        }
    }
}
