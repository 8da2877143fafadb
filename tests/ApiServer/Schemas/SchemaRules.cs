using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sandcastle.Testing.ApiServer.Errors;

namespace Sandcastle.Testing.ApiServer.Schemas;

/// <summary>Holds a value that fits its schema against the rules in it. What an update leaves as it was is not held against anything (ratcheting, as since Kubernetes 1.33).</summary>
public static class SchemaRules
{
    /// <param name="schema">Of a whole custom resource.</param>
    /// <param name="value">The object as it is to be.</param>
    /// <param name="old">As it was; null for a new one.</param>
    public static List<FieldError> Validate(StructuralSchema schema, JsonObject value, JsonObject? old)
    {
        var errors = new List<FieldError>();
        Check(schema, value, old, "", errors);
        return errors;
    }

    /// <summary>Every rule of a schema, with the path below which it stands.</summary>
    public static IEnumerable<(string Path, SchemaRule Rule)> All(StructuralSchema schema, string path = "") =>
    [
        .. schema.Rules.Select(rule => (path, rule)),
        .. schema.Properties.SelectMany(one => All(one.Value, path.Length == 0 ? one.Key : $"{path}.{one.Key}")),
        .. schema.Items is { } items ? All(items, path + "[]") : [],
        .. schema.AdditionalProperties is { } values ? All(values, path + ".*") : [],
    ];

    private static void Check(StructuralSchema schema, JsonNode? value, JsonNode? old, string path, List<FieldError> errors)
    {
        if (value is null || (old is not null && JsonNode.DeepEquals(value, old)))
        {
            return;
        }

        foreach (var rule in schema.Rules.Where(rule => !rule.IsTransition || old is not null))
        {
            if (rule.Check(Value(schema, value), old is null ? null : Value(schema, old)) is { } wrong)
            {
                errors.Add(FieldError.Invalid(path, value.DeepClone(), wrong));
            }
        }

        if (value is JsonObject map)
        {
            foreach (var (name, child) in map)
            {
                if ((schema.Properties.GetValueOrDefault(name) ?? schema.AdditionalProperties) is { } below)
                {
                    Check(below, child, (old as JsonObject)?[name], path.Length == 0 ? name : $"{path}.{name}", errors);
                }
            }
        }
        else if (value is JsonArray list && schema.Items is { } items)
        {
            // Which item an item was is known of lists of type map alone, and transition rules below others are refused by the real server.
            for (var i = 0; i < list.Count; i++)
            {
                Check(items, list[i], null, $"{path}[{i}]", errors);
            }
        }
    }

    /// <summary>As CEL sees it: a number is a double where the schema says number, though it be written as a whole one.</summary>
    private static object? Value(StructuralSchema? schema, JsonNode? node) => node switch
    {
        null => null,
        JsonObject map => map.ToDictionary(one => one.Key, one => Value(schema?.Properties.GetValueOrDefault(one.Key) ?? schema?.AdditionalProperties, one.Value), StringComparer.Ordinal),
        JsonArray list => list.Select(one => Value(schema?.Items, one)).ToArray(),
        JsonValue scalar => Scalar(schema, scalar),
        _ => throw new NotSupportedException(node.GetType().Name),
    };

    private static object? Scalar(StructuralSchema? schema, JsonValue scalar) => scalar.GetValueKind() switch
    {
        JsonValueKind.String => scalar.GetValue<string>(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Number when schema?.Type != "number" && long.TryParse(scalar.ToJsonString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) => whole,
        JsonValueKind.Number => double.Parse(scalar.ToJsonString(), CultureInfo.InvariantCulture),
        _ => null,
    };
}
