using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Sandcastle.Testing.ApiServer.Errors;
using Sandcastle.Testing.ApiServer.Patches;

namespace Sandcastle.Testing.ApiServer.Requests;

/// <summary>Reads the body of a PATCH as a function from the present object to the wanted one.</summary>
/// <remarks>
/// A strategic merge patch of a built-in resource is applied as a JSON merge patch: its lists replace whole lists, and its
/// directives (<c>$patch</c>, <c>$deleteFromPrimitiveList</c>, <c>$setElementOrder</c>, <c>$retainKeys</c>) are refused. Server-side apply is refused.
/// </remarks>
internal static class PatchReading
{
    public static async Task<Func<JsonObject, JsonObject>> ReadAsync(HttpContext http, bool isCustom)
    {
        var type = http.Request.ContentType?.Split(';')[0].Trim() ?? "";
        switch (type)
        {
            case "application/merge-patch+json":
                return Merge(await RequestBody.ReadObjectAsync(http));
            case "application/json-patch+json":
                var operations = await RequestBody.ReadAsync(http) as JsonArray ?? throw Refusal.BadRequest("a JSON patch must be a list of operations");
                return value => JsonPatch.Apply(value, operations) as JsonObject ?? throw Refusal.BadRequest("a JSON patch must leave an object");
            case "application/strategic-merge-patch+json" when !isCustom:
                return Merge(WithoutDirectives(await RequestBody.ReadObjectAsync(http)));
            case "application/apply-patch+yaml":
                throw Refusal.UnsupportedMediaType("server-side apply (application/apply-patch+yaml) is not implemented by this server; use a JSON merge patch");
            default:
                throw Refusal.UnsupportedMediaType(
                    $"the body of the request was in an unknown format ({type}) - accepted media types include: application/json-patch+json, application/merge-patch+json"
                    + (isCustom ? "" : ", application/strategic-merge-patch+json"));
        }
    }

    private static Func<JsonObject, JsonObject> Merge(JsonObject patch) => value => MergePatch.Apply(value, patch)!.AsObject();

    private static JsonObject WithoutDirectives(JsonObject patch)
    {
        foreach (var (name, value) in patch)
        {
            if (name.StartsWith('$'))
            {
                throw Refusal.BadRequest($"the directive {name} of strategic merge patches is not implemented by this server; use a JSON merge patch");
            }

            if (value is JsonObject child)
            {
                WithoutDirectives(child);
            }

            foreach (var item in (value as JsonArray)?.OfType<JsonObject>() ?? [])
            {
                WithoutDirectives(item);
            }
        }

        return patch;
    }
}
