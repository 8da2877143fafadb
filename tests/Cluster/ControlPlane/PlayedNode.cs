using System.Globalization;
using System.Text.Json.Nodes;
using Sandcastle.Cluster.Manifests;

namespace Sandcastle.Cluster.ControlPlane;

/// <summary>
/// Scheduler and kubelet for a namespace, as far as the API server sees them: binds Pods, says that they are ready, and that they are gone
/// when they are asked to go. Nothing runs behind them.
/// </summary>
internal sealed class PlayedNode : IAsyncDisposable
{
    private const string Name = "played";

    private readonly ApiServer _server;
    private readonly string _pods;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;

    private PlayedNode(ApiServer server, string space)
    {
        _server = server;
        _pods = $"/api/v1/namespaces/{space}/pods";
        _loop = LoopAsync();
    }

    internal static async Task<PlayedNode> StartAsync(ApiServer server, string space)
    {
        (await server.Admin.ApplyAsync($"/api/v1/nodes/{Name}", YamlObjects.Parse($"{{apiVersion: v1, kind: Node, metadata: {{name: {Name}}}}}").Single())).Expect();
        return new PlayedNode(server, space);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        _stop.Dispose();
        await _server.Admin.DeleteAsync($"/api/v1/nodes/{Name}");
    }

    private async Task LoopAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            var list = (await _server.Admin.GetAsync(_pods)).Expect();
            foreach (var pod in list["items"]!.AsArray().Select(item => item!.AsObject()).Where(pod => pod["metadata"]!["labels"] is not null))
            {
                await AttendAsync(pod);
            }

            await Task.Delay(50, CancellationToken.None);
        }
    }

    // A Pod that changes in between is looked at again.
    private Task AttendAsync(JsonObject pod) => pod switch
    {
        _ when pod["metadata"]!["deletionTimestamp"] is not null => _server.Admin.DeleteAsync($"{_pods}/{pod.Name()}?gracePeriodSeconds=0"),
        _ when pod["spec"]!["schedulingGates"] is not null => Task.CompletedTask,
        _ when pod["spec"]!["nodeName"] is null => _server.Admin.CreateAsync(
            $"{_pods}/{pod.Name()}/binding",
            YamlObjects.Parse($"{{apiVersion: v1, kind: Binding, metadata: {{name: {pod.Name()}}}, target: {{kind: Node, name: {Name}}}}}").Single()),
        _ when !CustomResources.HasCondition(pod, "Ready") => _server.Admin.MergeAsync($"{_pods}/{pod.Name()}/status", Ready()),
        _ => Task.CompletedTask,
    };

    private static JsonObject Ready()
    {
        var now = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        return YamlObjects.Parse($$"""
            {status: {phase: Running, conditions: [{type: Ready, status: "True", lastTransitionTime: "{{now}}"}]} }
            """).Single();
    }
}
