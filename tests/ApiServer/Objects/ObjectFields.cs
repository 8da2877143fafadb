using System.Text.Json;
using System.Text.Json.Nodes;
using Sandcastle.Testing.ApiServer.Storage;

namespace Sandcastle.Testing.ApiServer.Objects;

/// <summary>Reads and writes the fields that every Kubernetes object has.</summary>
public static class ObjectFields
{
    /// <summary><c>metadata</c>, made when it is missing.</summary>
    public static JsonObject Metadata(this JsonObject value) => value.Child("metadata");

    /// <summary>The object under a name, made when it is missing or null.</summary>
    public static JsonObject Child(this JsonObject value, string name)
    {
        if (value[name] is JsonObject child)
        {
            return child;
        }

        child = [];
        value[name] = child;
        return child;
    }

    /// <summary>The node at a path of plain fields, such as <c>spec.nodeName</c>; null when any step is missing.</summary>
    public static JsonNode? At(this JsonNode? value, string path)
    {
        foreach (var step in path.Split('.', StringSplitOptions.RemoveEmptyEntries))
        {
            value = (value as JsonObject)?[step];
        }

        return value;
    }

    /// <summary>A string field; empty when it is missing or no string.</summary>
    public static string Text(this JsonNode? value, string path) =>
        value.At(path) is JsonValue text && text.TryGetValue<string>(out var found) ? found : "";

    /// <summary>A whole number; null when it is missing or no number.</summary>
    public static long? Number(this JsonNode? value, string path) =>
        value.At(path) is JsonValue number && number.GetValueKind() == JsonValueKind.Number && long.TryParse(number.ToJsonString(), out var found) ? found : null;

    /// <summary>True when the field is there and true.</summary>
    public static bool Flag(this JsonNode? value, string path) =>
        value.At(path) is JsonValue flag && flag.TryGetValue<bool>(out var found) && found;

    /// <summary>The objects of a list; none when it is missing.</summary>
    public static IEnumerable<JsonObject> Items(this JsonNode? value, string path) =>
        value.At(path) is JsonArray items ? items.OfType<JsonObject>() : [];

    /// <summary>The texts of a list; none when it is missing.</summary>
    public static IEnumerable<string> Texts(this JsonNode? value, string path) =>
        value.At(path) is JsonArray items ? items.OfType<JsonValue>().Select(item => item.ToString()) : [];

    public static ObjectKey Key(this JsonObject value) => new(value.Text("metadata.namespace"), value.Text("metadata.name"));

    public static IEnumerable<JsonObject> Owners(this JsonObject value) => value.Items("metadata.ownerReferences");

    public static IReadOnlyList<string> Finalizers(this JsonObject value) => [.. value.Texts("metadata.finalizers")];

    public static bool IsDeleting(this JsonObject value) => value.Text("metadata.deletionTimestamp").Length > 0;

    /// <summary>Sets the node at a path of plain fields, making what is missing on the way.</summary>
    public static void Put(this JsonObject value, string path, JsonNode? node)
    {
        var steps = path.Split('.', StringSplitOptions.RemoveEmptyEntries);
        foreach (var step in steps[..^1])
        {
            value = value.Child(step);
        }

        value[steps[^1]] = node;
    }

    /// <summary>A Kubernetes timestamp: RFC 3339 with whole seconds, in UTC.</summary>
    public static string Timestamp(this TimeProvider time) => time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'");
}
