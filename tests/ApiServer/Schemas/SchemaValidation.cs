using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sandcastle.Testing.ApiServer.Errors;

namespace Sandcastle.Testing.ApiServer.Schemas;

/// <summary>Holds a value against a schema, and says what is wrong in the words of kube-apiserver.</summary>
public static class SchemaValidation
{
    /// <summary>Every error of a whole custom resource; its metadata is checked elsewhere.</summary>
    public static List<FieldError> Validate(StructuralSchema schema, JsonObject value)
    {
        var errors = new List<FieldError>();
        Check(schema with { Properties = schema.Properties.Where(one => one.Key != "metadata").ToDictionary() }, value, "", errors);
        return errors;
    }

    private static void Check(StructuralSchema schema, JsonNode? value, string path, List<FieldError> errors)
    {
        if (value is null && schema.Nullable)
        {
            return;
        }

        var type = TypeOf(value);
        if (!Fits(schema, type))
        {
            var wanted = schema.IntOrString ? "integer,string" : schema.Type;
            if (type == "number" && schema is { Type: "integer", Format: not null })
            {
                (wanted, type) = (schema.Format, "float64");
            }

            errors.Add(FieldError.WrongType(path, type, $"{path} in body must be of type {wanted}: \"{type}\""));
            return;
        }

        if (schema.Enum is { } allowed && !allowed.Any(one => JsonNode.DeepEquals(one, value)))
        {
            errors.Add(FieldError.NotSupported(path, value, allowed.Select(one => one?.ToString() ?? "null")));
        }

        switch (value)
        {
            case JsonObject map:
                CheckMap(schema, map, path, errors);
                break;
            case JsonArray list:
                CheckList(schema, list, path, errors);
                break;
            case JsonValue scalar when type == "string":
                CheckText(schema, scalar, path, errors);
                break;
            case JsonValue scalar when type is "integer" or "number":
                CheckNumber(schema, scalar, path, errors);
                break;
            default:
                break;
        }

        CheckCombinations(schema, value, path, errors);
    }

    private static void CheckMap(StructuralSchema schema, JsonObject map, string path, List<FieldError> errors)
    {
        foreach (var name in schema.Required.Where(name => !map.ContainsKey(name)))
        {
            errors.Add(FieldError.Required(Join(path, name)));
        }

        if (schema.MaxProperties is { } most && map.Count > most)
        {
            errors.Add(FieldError.TooMany(path, map.Count, most));
        }

        if (schema.MinProperties is { } least && map.Count < least)
        {
            errors.Add(FieldError.Invalid(path, map.Count, $"{path} in body should have at least {least} properties"));
        }

        foreach (var (name, child) in map)
        {
            if (schema.Properties.TryGetValue(name, out var known))
            {
                Check(known, child, Join(path, name), errors);
            }
            else if (schema.AdditionalProperties is not null)
            {
                Check(schema.AdditionalProperties, child, Join(path, name), errors);
            }
        }
    }

    private static void CheckList(StructuralSchema schema, JsonArray list, string path, List<FieldError> errors)
    {
        if (schema.MaxItems is { } most && list.Count > most)
        {
            errors.Add(FieldError.TooMany(path, list.Count, most));
        }

        if (schema.MinItems is { } least && list.Count < least)
        {
            errors.Add(FieldError.Invalid(path, list.Count, $"{path} in body should have at least {least} items"));
        }

        var seen = new List<JsonNode?>();
        for (var i = 0; i < list.Count; i++)
        {
            if (schema.Items is not null)
            {
                Check(schema.Items, list[i], $"{path}[{i}]", errors);
            }

            var identity = Identity(schema, list[i]);
            if (identity is not null && seen.Any(one => JsonNode.DeepEquals(one, identity)))
            {
                errors.Add(FieldError.Duplicate($"{path}[{i}]", identity));
            }

            seen.Add(identity);
        }
    }

    // What must be unique in a set or a map list; null when anything may repeat.
    private static JsonNode? Identity(StructuralSchema schema, JsonNode? item)
    {
        if (schema.ListType == "set")
        {
            return item?.DeepClone();
        }

        if (schema.ListType != "map" || item is not JsonObject map)
        {
            return null;
        }

        var identity = new JsonObject();
        foreach (var key in schema.ListMapKeys)
        {
            identity[key] = map[key]?.DeepClone();
        }

        return identity;
    }

    private static void CheckText(StructuralSchema schema, JsonValue scalar, string path, List<FieldError> errors)
    {
        var text = scalar.ToString();
        var length = new StringInfo(text).LengthInTextElements;
        if (schema.MaxLength is { } most && length > most)
        {
            errors.Add(FieldError.TooLong(path, most));
        }

        if (schema.MinLength is { } least && length < least)
        {
            errors.Add(FieldError.Invalid(path, text, $"{path} in body should be at least {least} chars long"));
        }

        if (schema.PatternExpression?.IsMatch(text) == false)
        {
            errors.Add(FieldError.Invalid(path, text, $"{path} in body should match '{schema.Pattern}'"));
        }

        if (schema.Format == "date-time" && !DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out _))
        {
            errors.Add(FieldError.WrongType(path, text, $"{path} in body must be of type date-time: \"{text}\""));
        }
    }

    private static void CheckNumber(StructuralSchema schema, JsonValue scalar, string path, List<FieldError> errors)
    {
        var number = decimal.Parse(scalar.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture);
        var isWhole = TypeOf(scalar) == "integer";
        if (Bound(schema.Maximum, isWhole) is { } most && (number > most || (schema.ExclusiveMaximum && number == most)))
        {
            errors.Add(FieldError.Invalid(path, scalar, $"{path} in body should be less than {(schema.ExclusiveMaximum ? "" : "or equal to ")}{most}"));
        }

        if (Bound(schema.Minimum, isWhole) is { } least && (number < least || (schema.ExclusiveMinimum && number == least)))
        {
            errors.Add(FieldError.Invalid(path, scalar, $"{path} in body should be greater than {(schema.ExclusiveMinimum ? "" : "or equal to ")}{least}"));
        }

        if (schema.MultipleOf is { } step && number % step != 0)
        {
            errors.Add(FieldError.Invalid(path, scalar, $"{path} in body should be a multiple of {step}"));
        }

        if ((schema.Format == "int32" && number is < int.MinValue or > int.MaxValue) || (schema.Format == "int64" && number is < long.MinValue or > long.MaxValue))
        {
            errors.Add(FieldError.Invalid(path, scalar, $"{path} in body must be of type {schema.Format}: \"{number}\""));
        }
    }

    /// <summary>The real server cuts a bound down to a whole number before it holds a whole number against it.</summary>
    private static decimal? Bound(decimal? bound, bool isWhole) => isWhole && bound is { } known ? decimal.Truncate(known) : bound;

    private static void CheckCombinations(StructuralSchema schema, JsonNode? value, string path, List<FieldError> errors)
    {
        foreach (var one in schema.AllOf)
        {
            Check(one, value, path, errors);
        }

        if (schema.AnyOf.Count > 0 && !schema.AnyOf.Any(one => Holds(one, value)))
        {
            errors.Add(FieldError.Invalid(path, value?.DeepClone(), $"{path} in body must validate at least one schema (anyOf)"));
        }

        if (schema.OneOf.Count > 0 && schema.OneOf.Count(one => Holds(one, value)) != 1)
        {
            errors.Add(FieldError.Invalid(path, value?.DeepClone(), $"{path} in body must validate one and only one schema (oneOf)"));
        }

        if (schema.Not is not null && Holds(schema.Not, value))
        {
            errors.Add(FieldError.Invalid(path, value?.DeepClone(), $"{path} in body must not validate the schema (not)"));
        }
    }

    private static bool Holds(StructuralSchema schema, JsonNode? value)
    {
        var errors = new List<FieldError>();
        Check(schema, value, "", errors);
        return errors.Count == 0;
    }

    private static bool Fits(StructuralSchema schema, string type)
    {
        if (schema.IntOrString)
        {
            return type is "integer" or "string";
        }

        return schema.Type is null || schema.Type == type || (schema.Type == "number" && type == "integer");
    }

    private static string TypeOf(JsonNode? value) => value?.GetValueKind() switch
    {
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        JsonValueKind.True or JsonValueKind.False => "boolean",
        JsonValueKind.Number => value.ToJsonString().AsSpan().IndexOfAny('.', 'e', 'E') < 0 ? "integer" : "number",
        _ => "null",
    };

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";
}
