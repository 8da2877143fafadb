using System.Text.Json.Nodes;
using Sandcastle.Cluster.Manifests;

namespace Sandcastle.Cluster.ControlPlane;

/// <summary>Definitions of kinds, and the conditions that they and others have.</summary>
internal static class CustomResources
{
    private const string Definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

    /// <summary>Puts a definition there, whether or not it was, and waits until its kind can be used.</summary>
    internal static async Task ApplyAsync(ApiServer server, JsonObject definition)
    {
        (await server.Admin.ApplyAsync($"{Definitions}/{definition.Name()}", definition)).Expect();
        await server.Admin.WaitForAsync($"{Definitions}/{definition.Name()}", item => HasCondition(item, "Established"));
    }

    internal static bool HasCondition(JsonObject item, string type) => Condition(item, type) is { } condition && (string)condition["status"]! == "True";

    internal static JsonObject? Condition(JsonObject item, string type) =>
        (item["status"]?["conditions"] as JsonArray ?? [])
            .Select(condition => condition!.AsObject())
            .FirstOrDefault(condition => (string)condition["type"]! == type);
}
