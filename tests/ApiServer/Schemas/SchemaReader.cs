using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Sandcastle.Testing.ApiServer.Errors;
using Sandcastle.Testing.ApiServer.Objects;

namespace Sandcastle.Testing.ApiServer.Schemas;

/// <summary>Reads an openAPIV3Schema and tells what makes it no structural one.</summary>
public sealed class SchemaReader
{
    private static readonly TimeSpan MatchLimit = TimeSpan.FromSeconds(1);

    /// <summary>What is wrong with the schema itself.</summary>
    public List<FieldError> Errors { get; } = [];

    public StructuralSchema Read(JsonObject schema, string path) => Read(schema, path, structural: true);

    private StructuralSchema Read(JsonObject schema, string path, bool structural)
    {
        var intOrString = schema.Flag("x-kubernetes-int-or-string");
        var preserve = schema.Flag("x-kubernetes-preserve-unknown-fields");
        var type = schema["type"]?.GetValue<string>();
        if (structural && type is null && !intOrString && !preserve)
        {
            Errors.Add(FieldError.Required($"{path}.type", "must not be empty for specified object fields"));
        }

        return new StructuralSchema
        {
            Type = type,
            IntOrString = intOrString,
            PreserveUnknown = preserve,
            Nullable = schema.Flag("nullable"),
            EmbeddedResource = schema.Flag("x-kubernetes-embedded-resource"),
            Properties = schema["properties"] is JsonObject properties
                ? properties.ToDictionary(one => one.Key, one => Read(one.Value!.AsObject(), $"{path}.properties[{one.Key}]", structural))
                : new Dictionary<string, StructuralSchema>(),
            AdditionalProperties = Additional(schema["additionalProperties"], path, structural),
            Items = schema["items"] is JsonObject items ? Read(items, $"{path}.items", structural) : null,
            Required = [.. schema.Texts("required")],
            HasDefault = schema["default"] is not null,
            Default = schema["default"]?.DeepClone(),
            Enum = schema["enum"]?.DeepClone().AsArray(),
            Minimum = Decimal(schema, "minimum"),
            Maximum = Decimal(schema, "maximum"),
            ExclusiveMinimum = schema.Flag("exclusiveMinimum"),
            ExclusiveMaximum = schema.Flag("exclusiveMaximum"),
            MultipleOf = Decimal(schema, "multipleOf"),
            MinLength = (int?)schema.Number("minLength"),
            MaxLength = (int?)schema.Number("maxLength"),
            MinItems = (int?)schema.Number("minItems"),
            MaxItems = (int?)schema.Number("maxItems"),
            MinProperties = (int?)schema.Number("minProperties"),
            MaxProperties = (int?)schema.Number("maxProperties"),
            Pattern = schema["pattern"]?.GetValue<string>(),
            PatternExpression = Expression(schema["pattern"]?.GetValue<string>(), path),
            Format = schema["format"]?.GetValue<string>(),
            ListType = schema["x-kubernetes-list-type"]?.GetValue<string>(),
            ListMapKeys = [.. schema.Texts("x-kubernetes-list-map-keys")],
            AllOf = Several(schema, "allOf", path),
            AnyOf = Several(schema, "anyOf", path),
            OneOf = Several(schema, "oneOf", path),
            Rules = [.. schema.Items("x-kubernetes-validations").Select(rule => new SchemaRule(rule.Text("rule"), rule.Text("message")))],
            Not = schema["not"] is JsonObject not ? Read(not, $"{path}.not", structural: false) : null,
        };
    }

    // `additionalProperties: true` allows anything; false is what an object without the word means anyhow.
    private StructuralSchema? Additional(JsonNode? node, string path, bool structural) => node switch
    {
        JsonObject schema => Read(schema, $"{path}.additionalProperties", structural),
        JsonValue flag when flag.GetValueKind() == JsonValueKind.True => new StructuralSchema { PreserveUnknown = true },
        _ => null,
    };

    private List<StructuralSchema> Several(JsonObject schema, string name, string path) =>
        [.. schema.Items(name).Select((one, index) => Read(one, $"{path}.{name}[{index}]", structural: false))];

    private Regex? Expression(string? pattern, string path)
    {
        if (pattern is null)
        {
            return null;
        }

        try
        {
            return new Regex(pattern, RegexOptions.CultureInvariant, MatchLimit);
        }
        catch (ArgumentException why)
        {
            Errors.Add(FieldError.Invalid($"{path}.pattern", pattern, $"must be a valid regular expression, but isn't: {why.Message}"));
            return null;
        }
    }

    private static decimal? Decimal(JsonObject schema, string name) =>
        schema[name] is JsonValue value && value.GetValueKind() == JsonValueKind.Number
            ? decimal.Parse(value.ToJsonString(), System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture)
            : null;
}
