using System.Globalization;
using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Sandcastle.Manager.Admission;

namespace Sandcastle.Manager.Edges.Mcp;

/// <summary>
/// Holds the arguments of a call against its tool's own schema. Of those that it cannot bind the SDK says that an error occurred, which tells no agent what
/// to mend; those that there are not it passes over.
/// </summary>
internal static class ToolArguments
{
    /// <summary>The filter: refuses before anything is bound, and names every argument that is wrong.</summary>
    public static McpRequestHandler<CallToolRequestParams, CallToolResult> Check(McpRequestHandler<CallToolRequestParams, CallToolResult> next) =>
        (request, cancellationToken) => request.MatchedPrimitive is McpServerTool tool && Faults(tool.ProtocolTool.InputSchema, request.Params?.Arguments) is { Count: > 0 } faults
            ? throw new McpException($"invalid: {string.Join("; ", faults)}")
            : next(request, cancellationToken);

    private static List<string> Faults(JsonElement schema, IDictionary<string, JsonElement>? arguments)
    {
        var faults = new List<string>();
        var known = schema.GetProperty("properties");
        foreach (var (name, value) in arguments ?? new Dictionary<string, JsonElement>())
        {
            if (!known.TryGetProperty(name, out var wanted))
            {
                faults.Add($"{FieldErrors.Shown(name)} is unknown; there are {string.Join(", ", known.EnumerateObject().Select(p => p.Name))}");
            }
            else if (Types(wanted) is { Count: > 0 } types && !types.Exists(type => Fits(type, value)))
            {
                faults.Add($"{name} must be {string.Join(" or ", types.Where(type => type != "null"))}, not {value.ValueKind.ToString().ToLowerInvariant()}");
            }
        }

        if (schema.TryGetProperty("required", out var required))
        {
            faults.AddRange(required.EnumerateArray().Select(name => name.GetString()!).Where(name => arguments?.ContainsKey(name) != true).Select(name => $"{name} is missing"));
        }

        return faults;
    }

    private static List<string> Types(JsonElement schema) => !schema.TryGetProperty("type", out var type)
        ? []
        : type.ValueKind == JsonValueKind.Array ? [.. type.EnumerateArray().Select(t => t.GetString()!)] : [type.GetString()!];

    /// <summary>Agents write numbers as strings too, and the SDK reads them.</summary>
    private static bool Fits(string type, JsonElement value) => type switch
    {
        "string" => value.ValueKind == JsonValueKind.String,
        "integer" or "number" => value.ValueKind == JsonValueKind.Number
            || (value.ValueKind == JsonValueKind.String && double.TryParse(value.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out _)),
        "array" => value.ValueKind == JsonValueKind.Array,
        "object" => value.ValueKind == JsonValueKind.Object,
        "null" => value.ValueKind == JsonValueKind.Null,
        _ => true,
    };
}
