using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Sandcastle.Cluster.Manifests;

namespace Sandcastle.Cluster.ControlPlane;

/// <summary>
/// Two managers of deploy/base with components/postgresql behind the one Service. Here all Pods have one address, so each is a Deployment of
/// its own and the second has other ports; the rest is what the component says.
/// </summary>
internal sealed class TwinManagers(ApiServer server, string ledger) : IAsyncDisposable
{
    private const string Deployments = "/apis/apps/v1/namespaces/sandcastle-system/deployments";
    private const string Pods = "/api/v1/namespaces/sandcastle-system/pods";
    private const string Secrets = "/api/v1/namespaces/sandcastle-system/secrets";
    private const string OfManagers = "?labelSelector=app.kubernetes.io/name=sandcastle-manager";

    /// <summary>Their Deployments, and the first port of each.</summary>
    private static readonly (string Name, string Port)[] Twins = [("sandcastle-manager", "8443"), ("sandcastle-manager-b", "8543")];

    /// <summary>The admin's, at whichever of them.</summary>
    internal string Key { get; } = "e2b_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(20));

    /// <summary>The one manager of the base goes: two would write to two ledgers.</summary>
    internal async Task InstallAsync()
    {
        await RemoveAsync();
        var overlay = Directory.CreateDirectory(Repository.PathTo("artifacts", "cluster", "twins")).FullName;
        await File.WriteAllTextAsync(Path.Combine(overlay, "kustomization.yaml"), """
            resources: [../../../deploy/base]
            components: [../../../deploy/components/postgresql]
            """);
        var built = YamlObjects.Parse(await Kubectl.ExpectAsync(null, "kustomize", overlay));
        await WriteSecretAsync("sandcastle-ledger", "connection", ledger);
        await WriteSecretAsync("sandcastle-api-key", "api-key", Key);
        var deployment = built.Single(item => item.Kind() == "Deployment" && item.Name() == "sandcastle-manager");
        foreach (var (name, port) in Twins)
        {
            (await server.Admin.CreateAsync(Deployments, Twin(deployment, name, port))).Expect();
        }
    }

    /// <summary>The Pods of the two that are ready, in the order of their ports.</summary>
    internal async Task<IReadOnlyList<(string Pod, string Path)>> ReadyAsync()
    {
        var list = await server.Admin.WaitForAsync(
            Pods + OfManagers, list => list["items"]!.AsArray().Count(pod => CustomResources.HasCondition(pod!.AsObject(), "Ready")) == Twins.Length, TimeSpan.FromMinutes(2));
        return [.. list["items"]!.AsArray().Select(pod => pod!.AsObject()).Select(pod => (Pod: pod.Name(), Port: PortOf(pod))).OrderBy(pod => pod.Port)
            .Select(pod => (pod.Pod, $"{Pods}/https:{pod.Pod}:{pod.Port}/proxy/"))];
    }

    /// <summary>The base as it was.</summary>
    public async ValueTask DisposeAsync()
    {
        await RemoveAsync();
        await server.Admin.DeleteAsync($"{Secrets}/sandcastle-ledger");
        await server.Admin.DeleteAsync($"{Secrets}/sandcastle-api-key");
        await Kubectl.ExpectAsync(server.Kubeconfig, "apply", "-k", Path.Combine(Repository.Deploy, "base"), "--wait=false");
    }

    private async Task WriteSecretAsync(string name, string key, string text)
    {
        var secret = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Secret",
            ["metadata"] = new JsonObject { ["name"] = name },
            ["stringData"] = new JsonObject { [key] = text },
        };
        (await server.Admin.ApplyAsync($"{Secrets}/{name}", secret)).Expect();
    }

    private async Task RemoveAsync()
    {
        foreach (var (name, _) in Twins)
        {
            await server.Admin.DeleteAsync($"{Deployments}/{name}");
            await server.Admin.WaitForGoneAsync($"{Deployments}/{name}");
        }

        // No node may be there to let them go.
        do
        {
            (await server.Admin.DeleteAsync($"{Pods}{OfManagers}&gracePeriodSeconds=0")).Expect();
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
        while ((await server.Admin.GetAsync(Pods + OfManagers)).Expect()["items"]!.AsArray().Count > 0);
    }

    private static int PortOf(JsonObject pod) =>
        (int)pod["spec"]!["containers"]![0]!["ports"]!.AsArray().Single(port => (string)port!["name"]! == "https")!["containerPort"]!;

    private static JsonObject Twin(JsonObject deployment, string name, string port)
    {
        var text = deployment.ToJsonString().Replace("8443", port, StringComparison.Ordinal).Replace("8444", $"{port[..^1]}4", StringComparison.Ordinal);
        var twin = JsonNode.Parse(text)!.AsObject();
        twin["metadata"]!["name"] = name;
        twin["spec"]!["replicas"] = 1;
        twin["spec"]!["selector"]!["matchLabels"]!["tests/twin"] = name;
        twin["spec"]!["template"]!["metadata"]!["labels"]!["tests/twin"] = name;
        return twin;
    }
}
