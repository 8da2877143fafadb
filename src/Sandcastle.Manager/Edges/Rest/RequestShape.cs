using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Sandcastle.Manager.Admission;
using Sandcastle.Protocol.Refusals;
using Sandcastle.Protocol.Rest;

namespace Sandcastle.Manager.Edges.Rest;

/// <summary>
/// Says what is wrong with a body that did not become a request. The deserializer stops at the first fault; this looks at the
/// whole again, beside the contract's own metadata, and names them all. Only failed requests come here.
/// </summary>
internal static class RequestShape
{
    public static IReadOnlyList<FieldError> Explain(in ReadOnlySequence<byte> body, JsonException fault, JsonTypeInfo contract)
    {
        if (body.IsEmpty)
        {
            return [new FieldError("body", "is empty; it must be a JSON object")];
        }

        var errors = new FieldErrors();
        try
        {
            using var document = JsonDocument.Parse(body);
            Check("", document.RootElement, contract, errors);
        }
        catch (JsonException e)
        {
            errors.Add("body", $"is not JSON: line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}: {WithoutPosition(e.Message)}");
        }

        if (!errors.Any)
        {
            errors.Add(fault.Path is { Length: > 2 } path ? path[2..] : "body", WithoutPosition(fault.Message));
        }

        return errors.All;
    }

    private static void Check(string path, JsonElement value, JsonTypeInfo type, FieldErrors errors)
    {
        if (value.ValueKind == JsonValueKind.Null && path.Length > 0)
        {
            return;
        }

        var fits = type.Kind switch
        {
            JsonTypeInfoKind.Object => CheckObject(path, value, type, errors),
            JsonTypeInfoKind.Dictionary => CheckDictionary(path, value, type, errors),
            JsonTypeInfoKind.Enumerable => CheckList(path, value, type, errors),
            _ => CheckScalar(path, value, type, errors),
        };
        if (!fits)
        {
            errors.Add(path.Length == 0 ? "body" : path, $"must be {Expected(type)}, not {Found(value, type)}");
        }
    }

    private static bool CheckObject(string path, JsonElement value, JsonTypeInfo type, FieldErrors errors)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            return false;
        }

        foreach (var (name, field, member) in Members(path, value, errors))
        {
            if (type.Properties.FirstOrDefault(p => p.Name == name) is { } property)
            {
                Check(field, member, type.Options.GetTypeInfo(property.PropertyType), errors);
            }
            else
            {
                errors.Add(field, $"is unknown; the fields here are: {string.Join(", ", type.Properties.Select(p => p.Name))}");
            }
        }

        return true;
    }

    private static bool CheckDictionary(string path, JsonElement value, JsonTypeInfo type, FieldErrors errors)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            return false;
        }

        foreach (var (_, field, member) in Members(path, value, errors))
        {
            Check(field, member, type.Options.GetTypeInfo(type.ElementType!), errors);
        }

        return true;
    }

    private static IEnumerable<(string Name, string Field, JsonElement Value)> Members(string path, JsonElement value, FieldErrors errors)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in value.EnumerateObject())
        {
            if (Text(() => member.Name) is not { } name)
            {
                errors.Add(path.Length == 0 ? "body" : path, "has a field whose name is not UTF-8");
                continue;
            }

            var field = path.Length > 0 ? $"{path}.{name}" : name.Length > 0 ? name : "''";
            if (!seen.Add(name))
            {
                errors.Add(field, "is given twice");
            }

            yield return (name, field, member.Value);
        }
    }

    private static bool CheckList(string path, JsonElement value, JsonTypeInfo type, FieldErrors errors)
    {
        if (value.ValueKind != JsonValueKind.Array)
        {
            return false;
        }

        var index = 0;
        foreach (var element in value.EnumerateArray())
        {
            Check($"{path}[{index++}]", element, type.Options.GetTypeInfo(type.ElementType!), errors);
        }

        return true;
    }

    private static bool CheckScalar(string path, JsonElement value, JsonTypeInfo type, FieldErrors errors)
    {
        var wanted = Nullable.GetUnderlyingType(type.Type) ?? type.Type;
        if (IsTime(type))
        {
            return value.ValueKind == JsonValueKind.String && Text(value.GetString) is not null && value.TryGetDateTimeOffset(out _);
        }

        if (wanted != typeof(string))
        {
            return value.ValueKind == JsonValueKind.Number && (wanted == typeof(double) ? value.TryGetDouble(out _) : value.TryGetInt64(out _));
        }

        if (value.ValueKind == JsonValueKind.String && Text(value.GetString) is null)
        {
            errors.Add(path, "is not UTF-8: it holds a broken byte sequence, or half of a surrogate pair");
        }

        return value.ValueKind == JsonValueKind.String;
    }

    /// <summary>Null when the text cannot be decoded.</summary>
    private static string? Text(Func<string?> get)
    {
        try
        {
            return get();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static bool IsTime(JsonTypeInfo type) => (Nullable.GetUnderlyingType(type.Type) ?? type.Type) == typeof(DateTimeOffset);

    private static string Expected(JsonTypeInfo type) => type.Kind switch
    {
        JsonTypeInfoKind.Object => "an object",
        JsonTypeInfoKind.Dictionary => "an object of strings",
        JsonTypeInfoKind.Enumerable => "a list",
        _ when type.Type == typeof(string) => "a string",
        _ when (Nullable.GetUnderlyingType(type.Type) ?? type.Type) == typeof(double) => "a number",
        _ when IsTime(type) => Rfc3339.Accepted,
        _ => "a whole number",
    };

    private static string Found(JsonElement value, JsonTypeInfo wanted) => value.ValueKind switch
    {
        JsonValueKind.String when IsTime(wanted) && Text(value.GetString) is { } text => $"'{FieldErrors.Shown(text)}'",
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => value.GetRawText() is { Length: <= 40 } text ? text : "a number of that size",
        JsonValueKind.Null => "null",
        _ => "true or false",
    };

    private static string WithoutPosition(string message)
    {
        var end = message.IndexOf(" Path: ", StringComparison.Ordinal);
        end = end < 0 ? message.IndexOf(" LineNumber: ", StringComparison.Ordinal) : end;
        return end < 0 ? message : message[..end];
    }
}
