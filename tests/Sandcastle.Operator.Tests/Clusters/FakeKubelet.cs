using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Sandcastle.Testing.ApiServer.Errors;
using Sandcastle.Testing.ApiServer.Hosting;
using Sandcastle.Testing.ApiServer.Objects;

namespace Sandcastle.Operator.Tests.Clusters;

/// <summary>Binds Pods that no gate holds, makes them ready at once, and ends them as soon as they are asked to.</summary>
internal sealed class FakeKubelet(ApiServerHost server)
{
    internal async Task RunAsync(CancellationToken cancellationToken)
    {
        using var client = server.CreateClient();
        try
        {
            while (true)
            {
                var pods = await server.Objects.WaitAsync("pods", "", all => all.Any(pod => IsEnding(pod) || IsWaiting(pod)), cancellationToken);
                foreach (var pod in pods)
                {
                    await LookAfterAsync(client, pod, cancellationToken);
                }

                // All Pods are read at every change of one; those that come together are looked after together.
                await Task.Delay(TimeSpan.FromMilliseconds(pods.Count / 10), cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The cluster ends.
        }
    }

    internal static bool IsReady(JsonObject pod) =>
        pod["metadata"]!["deletionTimestamp"] is null
        && pod["status"]?["conditions"] is JsonArray conditions
        && conditions.Any(condition => condition!["type"]!.GetValue<string>() == "Ready" && condition["status"]!.GetValue<string>() == "True");

    private static bool IsEnding(JsonObject pod) => pod["metadata"]!["deletionTimestamp"] is not null;

    private static bool IsWaiting(JsonObject pod) => pod["status"]?["phase"]?.GetValue<string>() == "Pending" && pod["spec"]!["schedulingGates"] is null or JsonArray { Count: 0 };

    private async Task LookAfterAsync(Kubernetes client, JsonObject pod, CancellationToken cancellationToken)
    {
        var (ns, name) = (pod["metadata"]!["namespace"]!.GetValue<string>(), pod["metadata"]!["name"]!.GetValue<string>());
        try
        {
            if (IsEnding(pod))
            {
                server.Objects.Delete("pods", ns, name, new DeleteOptions { GracePeriodSeconds = 0 });
            }
            else if (IsWaiting(pod))
            {
                if (pod["spec"]!["nodeName"] is null)
                {
                    await client.CoreV1.CreateNamespacedPodBindingAsync(
                        new V1Binding { Metadata = new V1ObjectMeta { Name = name }, Target = new V1ObjectReference { Kind = "Node", Name = "n1" } }, name, ns, cancellationToken: cancellationToken);
                }

                server.Objects.Patch("pods", ns, name, new JsonObject
                {
                    ["status"] = new JsonObject
                    {
                        ["phase"] = "Running",
                        ["conditions"] = new JsonArray(new JsonObject { ["type"] = "Ready", ["status"] = "True" }),
                    },
                }, "status");
            }
        }
        catch (Exception exception) when (exception is ApiException or k8s.Autorest.HttpOperationException or HttpRequestException or IOException)
        {
            // Deleted in between, or the server is away: the next look sees it.
        }
    }
}
