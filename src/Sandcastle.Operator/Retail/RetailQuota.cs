using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sandcastle.Operator.Retail;

/// <summary>The quota of the retail queue as a patch: two figures of it are ours, and everything else stays as its owner wrote it.</summary>
internal static class RetailQuota
{
    /// <summary>The first flavor that has both resources; null where none has.</summary>
    internal static string? Flavor(JsonElement queue) => Find(Groups(queue)) is { } flavor ? flavor["name"]?.GetValue<string>() : null;

    /// <returns>Null where the quota is so already, or no flavor has the resources.</returns>
    internal static JsonObject? Patch(JsonElement queue, RetailCapacity quota)
    {
        var groups = Groups(queue);
        if (Find(groups) is not { } flavor || !(Set(flavor, Credit.CpuResource, quota.CpuMillis) | Set(flavor, Credit.MemoryResource, quota.MemoryMib)))
        {
            return null;
        }

        // Lists are replaced whole by a merge patch: the version says that nobody has changed the rest meanwhile.
        return new JsonObject
        {
            ["metadata"] = new JsonObject { ["resourceVersion"] = queue.GetProperty("metadata").GetProperty("resourceVersion").GetString() },
            ["spec"] = new JsonObject { ["resourceGroups"] = groups },
        };
    }

    private static JsonArray Groups(JsonElement queue) =>
        queue.TryGetProperty("spec", out var spec) && spec.TryGetProperty("resourceGroups", out var groups) ? JsonArray.Create(groups)!.DeepClone().AsArray() : [];

    private static JsonObject? Find(JsonArray groups) => groups
        .SelectMany(group => group?["flavors"] as JsonArray ?? [])
        .OfType<JsonObject>()
        .FirstOrDefault(flavor => Resource(flavor, Credit.CpuResource) is not null && Resource(flavor, Credit.MemoryResource) is not null);

    private static JsonObject? Resource(JsonObject flavor, string name) =>
        (flavor["resources"] as JsonArray ?? []).OfType<JsonObject>().FirstOrDefault(resource => resource["name"]?.GetValue<string>() == name);

    private static bool Set(JsonObject flavor, string name, long value)
    {
        var resource = Resource(flavor, name)!;
        var before = resource["nominalQuota"] is JsonValue quota ? new Resources.Quantity(quota.ToString()).Value() : -1;
        if (before == value)
        {
            return false;
        }

        resource["nominalQuota"] = value.ToString(CultureInfo.InvariantCulture);
        return true;
    }
}
