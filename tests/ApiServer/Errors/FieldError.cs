using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sandcastle.Testing.ApiServer.Errors;

/// <summary>What is wrong with one field of an object, in the form that kube-apiserver prints.</summary>
/// <param name="Field">Path, such as <c>spec.podSets[0].count</c>.</param>
/// <param name="Reason">The cause's reason, such as <c>FieldValueInvalid</c>.</param>
/// <param name="Detail">The message without the path.</param>
public sealed record FieldError(string Field, string Reason, string Detail)
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public override string ToString() => $"{Field}: {Detail}";

    /// <summary>The error as one of the causes in a Status.</summary>
    public JsonObject ToCause() => new() { ["reason"] = Reason, ["message"] = Detail, ["field"] = Field };

    public static FieldError Required(string field, string why = "") =>
        new(field, "FieldValueRequired", why.Length == 0 ? "Required value" : $"Required value: {why}");

    public static FieldError Invalid(string field, JsonNode? value, string why) =>
        new(field, "FieldValueInvalid", $"Invalid value: {Print(value)}: {why}");

    public static FieldError WrongType(string field, JsonNode? value, string why) =>
        new(field, "FieldValueTypeInvalid", $"Invalid value: {Print(value)}: {why}");

    public static FieldError NotSupported(string field, JsonNode? value, IEnumerable<string> supported) =>
        new(field, "FieldValueNotSupported", $"Unsupported value: {Print(value)}: supported values: {string.Join(", ", supported.Select(one => $"\"{one}\""))}");

    public static FieldError NotFound(string field, JsonNode? value) => new(field, "FieldValueNotFound", $"Not found: {Print(value)}");

    public static FieldError Duplicate(string field, JsonNode? value) => new(field, "FieldValueDuplicate", $"Duplicate value: {Print(value)}");

    public static FieldError Forbidden(string field, string why) => new(field, "FieldValueForbidden", $"Forbidden: {why}");

    public static FieldError TooLong(string field, int limit) => new(field, "FieldValueTooLong", $"Too long: may not be more than {limit} bytes");

    public static FieldError TooMany(string field, int actual, int limit) =>
        new(field, "FieldValueTooMany", $"Too many: {actual}: must have at most {limit} items");

    /// <summary>One error as it is; several as a list in brackets, each once.</summary>
    public static string Aggregate(IEnumerable<FieldError> errors)
    {
        var texts = errors.Select(error => error.ToString()).Distinct(StringComparer.Ordinal).ToList();
        return texts.Count == 1 ? texts[0] : $"[{string.Join(", ", texts)}]";
    }

    public static string Print(JsonNode? value) => value is null ? "null" : value.ToJsonString(Plain);
}
