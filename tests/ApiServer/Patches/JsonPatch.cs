using System.Text.Json.Nodes;
using Sandcastle.Testing.ApiServer.Errors;

namespace Sandcastle.Testing.ApiServer.Patches;

/// <summary>JSON patch (RFC 6902): add, remove, replace, move, copy, test.</summary>
public static class JsonPatch
{
    /// <exception cref="ApiException">422: an operation does not apply; 400: it is none.</exception>
    public static JsonNode? Apply(JsonNode target, JsonArray operations)
    {
        JsonNode? document = target.DeepClone();
        foreach (var operation in operations.OfType<JsonObject>())
        {
            var path = Steps(operation, "path");
            document = operation["op"]?.GetValue<string>() switch
            {
                "add" => Add(document, path, operation["value"]),
                "remove" => Remove(document, path),
                "replace" => Add(Remove(document, path), path, operation["value"]),
                "copy" => Add(document, path, Find(document, Steps(operation, "from"))),
                "move" => Move(document, Steps(operation, "from"), path),
                "test" => Test(document, path, operation["value"]),
                var other => throw Refusal.BadRequest($"jsonpatch: unexpected kind: {other}"),
            };
        }

        return document;
    }

    private static string[] Steps(JsonObject operation, string name)
    {
        var pointer = operation[name]?.GetValue<string>() ?? throw Refusal.BadRequest($"jsonpatch: operation without {name}");
        return pointer.Length == 0 ? [] : [.. pointer[1..].Split('/').Select(step => step.Replace("~1", "/").Replace("~0", "~"))];
    }

    private static JsonNode? Find(JsonNode? node, string[] path)
    {
        foreach (var step in path)
        {
            node = node switch
            {
                JsonObject map when map.ContainsKey(step) => map[step],
                JsonArray list => list[Index(step, list.Count - 1)],
                _ => throw Refusal.UnusablePatch(),
            };
        }

        return node;
    }

    private static JsonNode? Add(JsonNode? document, string[] path, JsonNode? value)
    {
        if (path.Length == 0)
        {
            return value?.DeepClone();
        }

        switch (Find(document, path[..^1]))
        {
            case JsonObject map:
                map[path[^1]] = value?.DeepClone();
                break;
            case JsonArray list:
                list.Insert(path[^1] == "-" ? list.Count : Index(path[^1], list.Count), value?.DeepClone());
                break;
            default:
                throw Refusal.UnusablePatch();
        }

        return document;
    }

    private static JsonNode? Remove(JsonNode? document, string[] path)
    {
        Find(document, path);
        if (path.Length == 0)
        {
            return null;
        }

        switch (Find(document, path[..^1]))
        {
            case JsonObject map:
                map.Remove(path[^1]);
                break;
            case JsonArray list:
                list.RemoveAt(Index(path[^1], list.Count - 1));
                break;
            default:
                throw Refusal.UnusablePatch();
        }

        return document;
    }

    private static JsonNode? Move(JsonNode? document, string[] from, string[] path)
    {
        var value = Find(document, from)?.DeepClone();
        return Add(Remove(document, from), path, value);
    }

    private static JsonNode? Test(JsonNode? document, string[] path, JsonNode? value) =>
        JsonNode.DeepEquals(Find(document, path), value)
            ? document
            : throw Refusal.UnusablePatch();

    private static int Index(string step, int most) =>
        int.TryParse(step, out var index) && index >= 0 && index <= most ? index : throw Refusal.UnusablePatch();
}
