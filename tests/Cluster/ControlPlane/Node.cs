using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Sandcastle.Cluster.Manifests;

namespace Sandcastle.Cluster.ControlPlane;

/// <summary>
/// Scheduler and kubelet on this machine for the Pods of some namespaces: binds each, starts what its container would run, keeps its status,
/// and stops it when it is deleted. What it lacks of a node is the container: everything runs as on a machine of its own.
/// </summary>
internal sealed class Node : IAsyncDisposable
{
    private const string Name = "tests";

    /// <summary>How often Pods that are ready are asked whether they still are; a kubelet asks ours every two seconds.</summary>
    private static readonly TimeSpan Probe = TimeSpan.FromMilliseconds(500);

    /// <summary>The same while one is not: nobody's figure is taken then.</summary>
    private static readonly TimeSpan QuickProbe = TimeSpan.FromMilliseconds(50);

    private readonly ApiServer _server;
    private readonly IPAddress _address;
    private readonly IReadOnlyList<string> _spaces;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<string, PodProcess> _running = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, DateTimeOffset> _crashed = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _news = new(0, 1);
    private readonly Task _loop;
    private bool _isSettled;

    private Node(ApiServer server, IPAddress address, IReadOnlyList<string> spaces)
    {
        _server = server;
        _address = address;
        _spaces = spaces;
        _loop = LoopAsync();
    }

    internal int Running => _running.Count;

    /// <summary>Fails when the node does: a test that waits for something else would wait in vain.</summary>
    internal Task Loop => _loop;

    /// <summary>What runs for Pods whose names begin so.</summary>
    internal IReadOnlyList<PodProcess> FindAll(string prefix) => [.. _running.Where(pod => pod.Key.StartsWith(prefix, StringComparison.Ordinal)).Select(pod => pod.Value)];

    internal static async Task<Node> StartAsync(ApiServer server, IPAddress address, params string[] spaces)
    {
        (await server.Admin.ApplyAsync($"/api/v1/nodes/{Name}", YamlObjects.Parse($"{{apiVersion: v1, kind: Node, metadata: {{name: {Name}}}}}").Single())).Expect();
        return new Node(server, address, spaces);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        foreach (var process in _running.Values)
        {
            await process.DisposeAsync();
        }

        _stop.Dispose();
        _news.Dispose();
        try
        {
            await _server.Admin.DeleteAsync($"/api/v1/nodes/{Name}");
        }
        catch (HttpRequestException)
        {
            // The API server is gone, and the node with it.
        }
    }

    /// <summary>Waits until what runs in a Pod whose name begins so has logged these words.</summary>
    internal async Task SaysAsync(string prefix, string words)
    {
        while (!_running.Any(pod => pod.Key.StartsWith(prefix, StringComparison.Ordinal) && pod.Value.Said(words)))
        {
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>
    /// Kills what runs in a Pod. It is not ready from then on, and after <paramref name="pause"/> it is started again, as a kubelet does that backs off.
    /// </summary>
    internal async Task CrashAsync(string space, string name, TimeSpan pause)
    {
        _crashed[name] = TimeProvider.System.GetUtcNow() + pause;
        await _running[name].KillAsync();
        await ReportAsync($"/api/v1/namespaces/{space}/pods", name, ready: false);
    }

    private async Task LoopAsync()
    {
        // Without these it would have to list all the time, which a node does not, and the API server's answers to others would wait for that.
        var watches = _spaces.Select(space => WatchAsync($"/api/v1/namespaces/{space}/pods?watch=true&resourceVersion=0")).ToList();
        while (!_stop.IsCancellationRequested)
        {
            _isSettled = true;
            try
            {
                foreach (var space in _spaces)
                {
                    await AttendAllAsync($"/api/v1/namespaces/{space}/pods");
                }
            }
            catch (HttpRequestException)
            {
                // The API server is not there: what runs, runs on, as on a node.
                _isSettled = false;
            }

            await _news.WaitAsync(_isSettled ? Probe : QuickProbe, CancellationToken.None);
        }

        await Task.WhenAll(watches);
    }

    /// <summary>Wakes the loop when something happens to a Pod; what, it looks up.</summary>
    private async Task WatchAsync(string path)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                using var lines = new StreamReader(await _server.Admin.Http.GetStreamAsync(path, _stop.Token));
                while (await lines.ReadLineAsync(_stop.Token) is not null)
                {
                    Wake();
                }
            }
            catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
            {
                // Not there, or no more; or the node ends.
            }

            await Task.Delay(QuickProbe, CancellationToken.None);
        }
    }

    private void Wake()
    {
        try
        {
            _news.Release();
        }
        catch (SemaphoreFullException)
        {
            // It will look anyhow.
        }
    }

    private async Task AttendAllAsync(string pods)
    {
        // From the API server's memory, as a kubelet's watch: whether etcd is slow is not a node's concern.
        var list = (await _server.Admin.GetAsync($"{pods}?resourceVersion=0")).ExpectUnlessOut();
        foreach (var pod in list["items"]!.AsArray().Select(item => item!.AsObject()))
        {
            await AttendAsync(pods, pod);
        }
    }

    private async Task AttendAsync(string pods, JsonObject pod)
    {
        var name = pod.Name();
        if (pod["metadata"]!["deletionTimestamp"] is not null)
        {
            if (_running.TryRemove(name, out var leaving))
            {
                await leaving.DisposeAsync();
            }

            await _server.Admin.DeleteAsync($"{pods}/{name}?gracePeriodSeconds=0");
        }
        else if (_crashed.TryGetValue(name, out var until))
        {
            _isSettled = false;
            if (TimeProvider.System.GetUtcNow() >= until && _running.TryRemove(name, out var dead))
            {
                await dead.DisposeAsync();
                _crashed.TryRemove(name, out _);
            }
        }
        else if (_running.TryGetValue(name, out var process))
        {
            await ReportAsync(pods, pod, process);
        }
        else if (pod["spec"]!["schedulingGates"] is null && await PodProcess.StartAsync(_server, pod, _address) is { } begun)
        {
            _running[name] = begun;
            await ReportAsync(pods, pod, begun);
        }
        else
        {
            _isSettled = false; // a gate, or a Secret that is not there yet
        }
    }

    // One that is bound already, as a list from memory may not know yet, is refused.
    private Task<Answer> BindAsync(string pods, string name) => _server.Admin.CreateAsync(
        $"{pods}/{name}/binding", YamlObjects.Parse($"{{apiVersion: v1, kind: Binding, metadata: {{name: {name}}}, target: {{kind: Node, name: {Name}}}}}").Single());

    /// <summary>A worker's link is where managers find it; on a node of its own the port needs no telling.</summary>
    private async Task TellPortsAsync(string pods, JsonObject pod, PodProcess process)
    {
        if (process.Ports.TryGetValue("link", out var link) && pod["metadata"]!["annotations"]?["tests/direct-port"] is null)
        {
            var annotations = new JsonObject
            {
                ["sandcastle.dev/link-port"] = link.ToString(CultureInfo.InvariantCulture),
                ["tests/direct-port"] = process.Ports["direct"].ToString(CultureInfo.InvariantCulture),
            };
            (await _server.Admin.MergeAsync($"{pods}/{pod.Name()}", new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = annotations } })).ExpectUnlessOut();
        }
    }

    private async Task ReportAsync(string pods, JsonObject pod, PodProcess process)
    {
        if (process.HasExited && _crashed.ContainsKey(pod.Name()))
        {
            _isSettled = false;
            return; // killed just now
        }

        process.HasExited.ShouldBeFalse($"{pod.Name()} ended by itself; its log is in artifacts/cluster");
        if (pod["spec"]!["nodeName"] is null)
        {
            await BindAsync(pods, pod.Name());
        }

        await TellPortsAsync(pods, pod, process);
        var ready = await process.IsReadyAsync();
        _isSettled &= ready;
        if (pod["status"]?["podIP"] is null || ready != CustomResources.HasCondition(pod, "Ready"))
        {
            await ReportAsync(pods, pod.Name(), ready);
        }
    }

    private async Task ReportAsync(string pods, string name, bool ready)
    {
        var now = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        var conditions = new[] { "Ready", "ContainersReady", "Initialized", "PodScheduled" }.Select(type => new JsonObject
        {
            ["type"] = type,
            ["status"] = ready || type is "Initialized" or "PodScheduled" ? "True" : "False",
            ["lastTransitionTime"] = now,
        });
        await _server.Admin.MergeAsync($"{pods}/{name}/status", new JsonObject
        {
            ["status"] = new JsonObject
            {
                ["phase"] = "Running",
                ["podIP"] = _address.ToString(),
                ["podIPs"] = new JsonArray(new JsonObject { ["ip"] = _address.ToString() }),
                ["conditions"] = new JsonArray([.. conditions]),
            },
        });
    }
}
