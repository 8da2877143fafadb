using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Sandcastle.Operator.Tests;

/// <summary>
/// Kueue's CustomResourceDefinitions, where there is a copy: what is written for Kueue is checked against them. Looked for in
/// SANDCASTLE_KUEUE_CRDS, and in shared/data/kueue-crds beside the repository and above it.
/// </summary>
internal sealed class KueueSchemas(string directory)
{
    private static readonly ConcurrentDictionary<string, JsonObject> Read = new(StringComparer.Ordinal);

    /// <summary>The directory, or null.</summary>
    internal static string? Find() =>
        Environment.GetEnvironmentVariable("SANDCASTLE_KUEUE_CRDS")
        ?? Above(Repository.Root).Select(path => Path.Combine(path, "shared", "data", "kueue-crds")).FirstOrDefault(Directory.Exists);

    internal static KueueSchemas FindOrSkip()
    {
        var found = Find();
        Assert.SkipWhen(found is null, "Kueue's CustomResourceDefinitions are not here: set SANDCASTLE_KUEUE_CRDS to their directory");
        return new KueueSchemas(found!);
    }

    /// <param name="plural">Of the resource.</param>
    /// <param name="value">The object, or a part of it.</param>
    /// <param name="isPart">Nothing is required of a part, and null takes a field away.</param>
    internal IReadOnlyList<string> Errors(string plural, JsonNode value, bool isPart = false)
    {
        var errors = new List<string>();
        Check(Schema(plural), value, "", isPart, errors);
        return errors;
    }

    private JsonObject Schema(string plural) => Read.GetOrAdd($"{directory}/{plural}", _ =>
    {
        var definition = Yaml.Parse(File.ReadAllText(Path.Combine(directory, $"kueue.x-k8s.io_{plural}.yaml")))!;
        return definition["spec"]!["versions"]!.AsArray().Single(version => version!["name"]!.GetValue<string>() == "v1beta2")!
            ["schema"]!["openAPIV3Schema"]!.AsObject();
    });

    private static void Check(JsonObject schema, JsonNode? value, string path, bool isPart, List<string> errors)
    {
        if (value is null)
        {
            if (!isPart)
            {
                errors.Add($"{path} is null");
            }

            return;
        }

        if (schema["x-kubernetes-int-or-string"] is not null)
        {
            CheckText(schema, value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : value.ToJsonString(), path, errors);
            return;
        }

        switch (schema["type"]!.GetValue<string>())
        {
            case "object" when value is JsonObject mapping:
                CheckObject(schema, mapping, path, isPart, errors);
                break;
            case "array" when value is JsonArray list:
                CheckList(schema, list, path, errors);
                break;
            case "string" when value.GetValueKind() == JsonValueKind.String:
                CheckText(schema, value.GetValue<string>(), path, errors);
                break;
            case "integer" when value.GetValueKind() == JsonValueKind.Number && long.TryParse(value.ToJsonString(), out var number):
                Bound(number >= Number(schema, "minimum", long.MinValue), $"{path} is below {schema["minimum"]}", errors);
                Bound(number <= Number(schema, "maximum", long.MaxValue), $"{path} is above {schema["maximum"]}", errors);
                break;
            case "boolean" when value.GetValueKind() is JsonValueKind.True or JsonValueKind.False:
                break;
            case var type:
                errors.Add($"{path} is no {type}");
                break;
        }
    }

    private static void CheckObject(JsonObject schema, JsonObject value, string path, bool isPart, List<string> errors)
    {
        var properties = schema["properties"] as JsonObject;
        foreach (var (name, item) in value)
        {
            var below = properties?[name] as JsonObject ?? schema["additionalProperties"] as JsonObject;
            if (below is not null)
            {
                Check(below, item, $"{path}.{name}", isPart, errors);
            }
            else if (schema["x-kubernetes-preserve-unknown-fields"] is null && path != ".metadata" && !path.EndsWith(".template.metadata", StringComparison.Ordinal))
            {
                errors.Add($"{path}.{name} is unknown");
            }
        }

        foreach (var name in (isPart ? null : schema["required"] as JsonArray ?? [])?.Select(name => name!.GetValue<string>()) ?? [])
        {
            Bound(value.ContainsKey(name), $"{path}.{name} is missing", errors);
        }
    }

    private static void CheckList(JsonObject schema, JsonArray list, string path, List<string> errors)
    {
        Bound(list.Count >= Number(schema, "minItems", 0), $"{path} has fewer than {schema["minItems"]} items", errors);
        Bound(list.Count <= Number(schema, "maxItems", int.MaxValue), $"{path} has more than {schema["maxItems"]} items", errors);
        for (var index = 0; index < list.Count; index++)
        {
            Check(schema["items"]!.AsObject(), list[index], $"{path}[{index}]", isPart: false, errors);
        }
    }

    private static void CheckText(JsonObject schema, string text, string path, List<string> errors)
    {
        Bound(text.Length >= Number(schema, "minLength", 0), $"{path} is shorter than {schema["minLength"]}", errors);
        Bound(text.Length <= Number(schema, "maxLength", int.MaxValue), $"{path} is longer than {schema["maxLength"]}", errors);
        if (schema["pattern"] is { } pattern)
        {
            Bound(Regex.IsMatch(text, pattern.GetValue<string>(), RegexOptions.None, TimeSpan.FromSeconds(1)), $"{path} does not match {pattern}", errors);
        }

        if (schema["enum"] is JsonArray choices)
        {
            Bound(choices.Any(choice => choice!.GetValue<string>() == text), $"{path} is none of {choices.ToJsonString()}", errors);
        }
    }

    private static long Number(JsonObject schema, string name, long otherwise) => schema[name]?.GetValue<long>() ?? otherwise;

    private static void Bound(bool holds, string error, List<string> errors)
    {
        if (!holds)
        {
            errors.Add(error);
        }
    }

    private static IEnumerable<string> Above(string path)
    {
        for (var directory = new DirectoryInfo(path); directory is not null; directory = directory.Parent)
        {
            yield return directory.FullName;
        }
    }
}
