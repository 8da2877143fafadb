using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Sandcastle.Testing.ApiServer.Schemas;

/// <summary>The schema of one value of a custom resource (apiextensions.k8s.io/v1 JSONSchemaProps), read once.</summary>
/// <remarks>
/// Held to: types, nullable, required, enum, bounds of numbers, texts, lists and maps, pattern, the formats date-time, int32 and int64,
/// list types set and map, allOf, anyOf, oneOf, not, int-or-string, defaults, pruning, and rules in CEL (<see cref="SchemaRule"/>).
/// Not evaluated are the rules in Kueue's definitions: what they say about Workloads is a rule in the Kueue folder.
/// </remarks>
public sealed record StructuralSchema
{
    public string? Type { get; init; }

    public bool Nullable { get; init; }

    public bool IntOrString { get; init; }

    /// <summary>Unknown fields stay.</summary>
    public bool PreserveUnknown { get; init; }

    /// <summary>The value is a whole Kubernetes object: apiVersion, kind and metadata are known in it.</summary>
    public bool EmbeddedResource { get; init; }

    public IReadOnlyDictionary<string, StructuralSchema> Properties { get; init; } = new Dictionary<string, StructuralSchema>();

    /// <summary>What the values of a map look like; null when the object is no map.</summary>
    public StructuralSchema? AdditionalProperties { get; init; }

    public StructuralSchema? Items { get; init; }

    public IReadOnlyList<string> Required { get; init; } = [];

    public bool HasDefault { get; init; }

    public JsonNode? Default { get; init; }

    public JsonArray? Enum { get; init; }

    public decimal? Minimum { get; init; }

    public decimal? Maximum { get; init; }

    public bool ExclusiveMinimum { get; init; }

    public bool ExclusiveMaximum { get; init; }

    public decimal? MultipleOf { get; init; }

    public int? MinLength { get; init; }

    public int? MaxLength { get; init; }

    public int? MinItems { get; init; }

    public int? MaxItems { get; init; }

    public int? MinProperties { get; init; }

    public int? MaxProperties { get; init; }

    public string? Pattern { get; init; }

    public Regex? PatternExpression { get; init; }

    public string? Format { get; init; }

    /// <summary><c>atomic</c>, <c>set</c> or <c>map</c>; null is atomic.</summary>
    public string? ListType { get; init; }

    public IReadOnlyList<string> ListMapKeys { get; init; } = [];

    public IReadOnlyList<StructuralSchema> AllOf { get; init; } = [];

    public IReadOnlyList<StructuralSchema> AnyOf { get; init; } = [];

    public IReadOnlyList<StructuralSchema> OneOf { get; init; } = [];

    public StructuralSchema? Not { get; init; }

    public IReadOnlyList<SchemaRule> Rules { get; init; } = [];
}
