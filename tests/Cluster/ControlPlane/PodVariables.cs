using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Sandcastle.Cluster.Manifests;

namespace Sandcastle.Cluster.ControlPlane;

/// <summary>A container's variables, as a kubelet finds them: plain values, keys of Secrets, the Pod's address.</summary>
internal static class PodVariables
{
    internal static async Task<Dictionary<string, string>> ReadAsync(ApiServer server, JsonObject pod, JsonObject container, IPAddress address)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var item in container["env"]?.AsArray() ?? [])
        {
            variables[(string)item!["name"]!] = item["valueFrom"] is { } source ? await ReadAsync(server, pod, source, address) : (string)item["value"]!;
        }

        return variables;
    }

    /// <summary>What an argument means in which <c>$(NAME)</c> stands.</summary>
    internal static string Expand(string argument, IReadOnlyDictionary<string, string> variables) =>
        variables.Aggregate(argument, (text, variable) => text.Replace($"$({variable.Key})", variable.Value, StringComparison.Ordinal));

    private static async Task<string> ReadAsync(ApiServer server, JsonObject pod, JsonNode source, IPAddress address)
    {
        if (source["secretKeyRef"] is { } key)
        {
            var secret = (await server.Admin.GetAsync($"/api/v1/namespaces/{pod.Namespace()}/secrets/{key["name"]}")).Expect();
            return Encoding.UTF8.GetString(Convert.FromBase64String((string)secret["data"]![(string)key["key"]!]!));
        }

        return (string?)source["fieldRef"]?["fieldPath"] switch
        {
            "status.podIP" => address.ToString(),
            "metadata.namespace" => pod.Namespace()!,
            "metadata.name" => pod.Name(),
            { } path when path.StartsWith("metadata.labels['", StringComparison.Ordinal) => (string?)pod["metadata"]!["labels"]?[path.Split('\'')[1]] ?? "",
            _ => throw new NotSupportedException($"this node finds no variable from {source.ToJsonString()}"),
        };
    }
}
