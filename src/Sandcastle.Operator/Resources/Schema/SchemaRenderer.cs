using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Sandcastle.Operator.Resources.Schema;

/// <summary>The structural schema of a type: properties that are serialised, by their attributes.</summary>
internal static class SchemaRenderer
{
    /// <summary>A whole object: metadata is the API server's, and only spec and status are described.</summary>
    internal static JsonObject Root(Type type)
    {
        var schema = Object(type);
        var properties = schema["properties"]!.AsObject();
        properties.Remove("metadata");
        properties.Insert(0, "apiVersion", new JsonObject { ["type"] = "string" });
        properties.Insert(1, "kind", new JsonObject { ["type"] = "string" });
        properties.Insert(2, "metadata", new JsonObject { ["type"] = "object" });
        return schema;
    }

    private static JsonObject Object(Type type)
    {
        var properties = new JsonObject();
        var required = new JsonArray();
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(IsSerialised))
        {
            var name = JsonNamingPolicy.CamelCase.ConvertName(property.Name);
            properties[name] = Property(property);
            if (property.IsDefined(typeof(RequiredMemberAttribute)))
            {
                required.Add(name);
            }
        }

        var schema = Described(type, new JsonObject { ["type"] = "object" });
        if (required.Count > 0)
        {
            schema["required"] = required;
        }

        schema["properties"] = properties;
        AddRules(schema, type);
        return schema;
    }

    private static JsonObject Property(PropertyInfo property)
    {
        var schema = Value(property.PropertyType, property);
        if (property.GetCustomAttribute<DescriptionAttribute>() is { } description)
        {
            schema.Remove("description");
            schema.Insert(0, "description", description.Description);
        }

        AddBounds(schema, property);
        if (property.GetCustomAttribute<DefaultValueAttribute>() is { } standard)
        {
            // An object's default is what its own properties' defaults make of nothing.
            schema["default"] = standard.Value is "{}" ? new JsonObject() : JsonSerializer.SerializeToNode(standard.Value);
        }

        AddRules(schema, property);
        return schema;
    }

    private static JsonObject Value(Type declared, PropertyInfo property)
    {
        var type = Nullable.GetUnderlyingType(declared) ?? declared;
        if (type == typeof(string))
        {
            return Text(property);
        }

        if (type == typeof(bool))
        {
            return new JsonObject { ["type"] = "boolean" };
        }

        if (type == typeof(int) || type == typeof(long))
        {
            return new JsonObject { ["type"] = "integer", ["format"] = type == typeof(int) ? "int32" : "int64" };
        }

        if (type == typeof(double))
        {
            return new JsonObject { ["type"] = "number", ["format"] = "double" };
        }

        if (type == typeof(DateTimeOffset))
        {
            return new JsonObject { ["type"] = "string", ["format"] = "date-time" };
        }

        if (type == typeof(Duration))
        {
            return new JsonObject { ["type"] = "string", ["pattern"] = Duration.Pattern };
        }

        if (type == typeof(Quantity))
        {
            return new JsonObject
            {
                ["anyOf"] = new JsonArray(new JsonObject { ["type"] = "integer" }, new JsonObject { ["type"] = "string" }),
                ["pattern"] = Quantity.Pattern,
                ["x-kubernetes-int-or-string"] = true,
            };
        }

        return Collection(type, property) ?? Object(type);
    }

    private static JsonObject Text(PropertyInfo property)
    {
        var schema = new JsonObject { ["type"] = "string" };
        if (property.GetCustomAttribute<OneOfAttribute>() is { } oneOf)
        {
            schema["enum"] = new JsonArray([.. oneOf.Values.Select(value => JsonValue.Create(value))]);
        }

        return schema;
    }

    private static JsonObject? Collection(Type type, PropertyInfo property)
    {
        if (!type.IsGenericType)
        {
            return null;
        }

        var arguments = type.GetGenericArguments();
        if (type.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>))
        {
            return new JsonObject { ["type"] = "object", ["additionalProperties"] = Item(arguments[1], property) };
        }

        if (type.GetGenericTypeDefinition() != typeof(IReadOnlyList<>))
        {
            throw new NotSupportedException($"{property.DeclaringType!.Name}.{property.Name}: no schema for {type.Name}.");
        }

        var schema = new JsonObject { ["type"] = "array", ["items"] = Item(arguments[0], property) };
        if (property.GetCustomAttribute<ListAttribute>() is { } list)
        {
            schema["x-kubernetes-list-type"] = list.Type;
            if (list.Key is not null)
            {
                schema["x-kubernetes-list-map-keys"] = new JsonArray(list.Key);
            }
        }

        return schema;
    }

    private static JsonObject Item(Type type, PropertyInfo property)
    {
        var schema = type == typeof(string) ? new JsonObject { ["type"] = "string" } : Value(type, property);
        if (property.GetCustomAttribute<ItemsAttribute>() is { } items)
        {
            Set(schema, "minLength", items.MinLength);
            Set(schema, "maxLength", items.MaxLength);
            if (items.Pattern is not null)
            {
                schema["pattern"] = items.Pattern;
            }
        }

        return schema;
    }

    private static void AddBounds(JsonObject schema, PropertyInfo property)
    {
        var noun = schema["type"]?.GetValue<string>() switch { "array" => "Items", "object" => "Properties", _ => "Length" };
        Set(schema, "min" + noun, property.GetCustomAttribute<MinLengthAttribute>()?.Length ?? 0);
        Set(schema, "max" + noun, property.GetCustomAttribute<MaxLengthAttribute>()?.Length ?? 0);
        if (property.GetCustomAttribute<RegularExpressionAttribute>() is { } pattern)
        {
            schema["pattern"] = pattern.Pattern;
        }

        if (property.GetCustomAttribute<RangeAttribute>() is { } range)
        {
            schema["minimum"] = JsonSerializer.SerializeToNode(range.Minimum);
            if (range.Maximum is not (double and >= long.MaxValue))
            {
                schema["maximum"] = JsonSerializer.SerializeToNode(range.Maximum);
            }

            if (range.Minimum is double least && least != Math.Truncate(least))
            {
                // The API server cuts a bound down to a whole number before it holds a whole number against it.
                var text = least.ToString(CultureInfo.InvariantCulture);
                AddRules(schema, [new RuleAttribute($"self >= {text}", $"must be at least {text}")]);
            }
        }
    }

    private static JsonObject Described(Type type, JsonObject schema)
    {
        if (type.GetCustomAttribute<DescriptionAttribute>() is { } description)
        {
            schema.Insert(0, "description", description.Description);
        }

        return schema;
    }

    private static void AddRules(JsonObject schema, MemberInfo member) => AddRules(schema, member.GetCustomAttributes<RuleAttribute>());

    private static void AddRules(JsonObject schema, IEnumerable<RuleAttribute> more)
    {
        var rules = more.Select(rule => new JsonObject { ["rule"] = rule.Rule, ["message"] = rule.Message }).ToArray();
        if (rules.Length == 0)
        {
            return;
        }

        var known = schema["x-kubernetes-validations"] as JsonArray ?? [];
        foreach (var rule in rules)
        {
            known.Add(rule);
        }

        schema["x-kubernetes-validations"] = known;
    }

    private static void Set(JsonObject schema, string name, int value)
    {
        if (value > 0)
        {
            schema[name] = value;
        }
    }

    private static bool IsSerialised(PropertyInfo property) =>
        property.GetIndexParameters().Length == 0 && property.GetCustomAttribute<JsonIgnoreAttribute>() is not { Condition: JsonIgnoreCondition.Always };
}
