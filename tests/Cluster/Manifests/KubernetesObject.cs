using System.Text.Json.Nodes;

namespace Sandcastle.Cluster.Manifests;

/// <summary>What the tests ask of any object.</summary>
internal static class KubernetesObject
{
    internal static string Kind(this JsonObject item) => (string)item["kind"]!;

    internal static string Name(this JsonObject item) => (string)item["metadata"]!["name"]!;

    internal static string? Namespace(this JsonObject item) => (string?)item["metadata"]!["namespace"];

    /// <summary>How a test speaks of it.</summary>
    internal static string Reference(this JsonObject item) => $"{item.Kind()} {item.Namespace()}/{item.Name()}";

    /// <summary>The Pod that it is, or that it makes; null for anything else.</summary>
    internal static JsonObject? PodSpec(this JsonObject item) => item.Kind() switch
    {
        "Pod" => item["spec"]!.AsObject(),
        "Deployment" or "DaemonSet" or "Job" => item["spec"]!["template"]!["spec"]!.AsObject(),
        _ => null,
    };

    internal static IEnumerable<JsonObject> Containers(this JsonObject podSpec) =>
        new[] { "initContainers", "containers" }.SelectMany(list => podSpec[list] as JsonArray ?? []).Select(container => container!.AsObject());
}
