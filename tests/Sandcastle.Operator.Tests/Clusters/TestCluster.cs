using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sandcastle.Operator.Leases;
using Sandcastle.Operator.Load;
using Sandcastle.Operator.Retail;
using Sandcastle.Testing.ApiServer.Hosting;
using Sandcastle.Testing.ApiServer.Requests;

namespace Sandcastle.Operator.Tests.Clusters;

/// <summary>A cluster in this process: an API server with Kueue, our definitions, one queue, a kubelet, and managers that say what a test wants.</summary>
internal sealed class TestCluster : IAsyncDisposable
{
    internal const string Namespace = "pools";
    internal const string System = "sandcastle-system";

    private readonly CancellationTokenSource _ended = new();
    private readonly Task _kubelet;
    private int _operators;

    private TestCluster(ApiServerHost server)
    {
        Server = server;
        Managers = new FakeManagers(server.Objects);
        _kubelet = new FakeKubelet(server).RunAsync(_ended.Token);
    }

    internal ApiServerHost Server { get; }

    internal FakeManagers Managers { get; }

    /// <summary>What managers say of tenants.</summary>
    internal FakeUse Use { get; } = new();

    /// <summary>What operators have written, told events and leases left out.</summary>
    internal IReadOnlyList<RequestRecord> Writes =>
        [.. Server.Requests.Writes.Where(record => IsWrite(record.Request) && record.Status is >= 200 and < 300)];

    internal static async Task<TestCluster> StartAsync(int cpus = 64)
    {
        var options = new ApiServerOptions { KueueRuns = true, KueueDefinitions = KueueSchemas.Find(), BookmarkInterval = TimeSpan.FromSeconds(1) };
        var server = await ApiServerHost.StartAsync(options, TestContext.Current.CancellationToken);
        server.Apply(Directory.GetFiles(Repository.PathTo("deploy", "crds"), "sandcastle.dev_*.yaml"));
        server.CreateNamespace(Namespace);
        server.CreateNamespace(System);
        foreach (var item in Yaml.ParseAll(File.ReadAllText(Repository.PathTo("tests", "golden", "operator", "cluster.yaml"))))
        {
            server.Objects.Create(Plural(item!["kind"]!.GetValue<string>()), item.AsObject());
        }

        server.Objects.Patch("clusterqueues.kueue.x-k8s.io", "", "wholesale", new JsonObject { ["spec"] = new JsonObject { ["resourceGroups"] = Quota(cpus) } });
        return new TestCluster(server);
    }

    internal static bool IsWrite(ApiRequest request) =>
        request.IsWrite && request.UserAgent.StartsWith("sandcastle-operator", StringComparison.Ordinal) && request.Resource is not ("events" or "leases");

    internal void CreatePool(string name = "py", Action<JsonObject>? change = null)
    {
        var spec = new JsonObject
        {
            ["templates"] = new JsonArray("python"),
            ["queueName"] = "wholesale",
            ["image"] = "registry.example/worker:1",
            ["resources"] = new JsonObject { ["cpu"] = "4", ["memory"] = "1Gi" },
            ["slotsPerWorker"] = 100,
            ["ready"] = 0,
            ["workers"] = new JsonObject { ["min"] = 2, ["max"] = 8, ["perLot"] = 2 },
            ["priorityClasses"] = new JsonObject { ["warm"] = "sandcastle-warm", ["busy"] = "sandcastle-busy" },
            ["scaling"] = new JsonObject { ["scaleUpWindow"] = "200ms", ["scaleDownQuiet"] = "300ms", ["drainGrace"] = "1s" },
        };
        change?.Invoke(spec);
        Server.Objects.Create("sandboxpools.sandcastle.dev", new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = Namespace },
            ["spec"] = spec,
        });
    }

    internal void PatchPool(JsonObject spec, string name = "py") =>
        Server.Objects.Patch("sandboxpools.sandcastle.dev", Namespace, name, new JsonObject { ["spec"] = spec });

    /// <summary>What a person does with kubectl to the first lot's Workload.</summary>
    internal async Task PatchWorkloadAsync(JsonObject patch)
    {
        using var client = Server.CreateClient();
        await client.CustomObjects.PatchNamespacedCustomObjectAsync(
            new V1Patch(patch.ToJsonString(), V1Patch.PatchType.MergePatch), "kueue.x-k8s.io", "v1beta2", Namespace, "workloads",
            Workloads[0]["metadata"]!["name"]!.GetValue<string>(), cancellationToken: TestContext.Current.CancellationToken);
    }

    /// <summary>Somebody else's Workload, which preempts warm lots.</summary>
    internal void CreateRival(string name, int cpus, int priority = 500) => Server.Objects.Create("workloads.kueue.x-k8s.io", new JsonObject
    {
        ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = Namespace },
        ["spec"] = new JsonObject
        {
            ["queueName"] = "wholesale",
            ["priority"] = priority,
            ["podSets"] = new JsonArray(new JsonObject
            {
                ["name"] = "main",
                ["count"] = 1,
                ["template"] = new JsonObject
                {
                    ["spec"] = new JsonObject
                    {
                        ["restartPolicy"] = "Never",
                        ["containers"] = new JsonArray(new JsonObject
                        {
                            ["name"] = "c",
                            ["image"] = "i",
                            ["resources"] = new JsonObject { ["requests"] = new JsonObject { ["cpu"] = $"{cpus}" } },
                        }),
                    },
                },
            }),
        },
    });

    internal async Task<RunningOperator> StartOperatorAsync(string? lease = null, Func<OperatorOptions, OperatorOptions>? change = null)
    {
        var number = Interlocked.Increment(ref _operators);
        var options = new OperatorOptions
        {
            Namespace = System,
            // One that was killed does not give its lease back; the next does not wait for it here, where leases are not the matter.
            Lease = new LeaseOptions { Name = lease ?? $"operator-{number}", Identity = $"operator-{number}", RetryPeriod = TimeSpan.FromMilliseconds(100) },
            LoadPeriod = TimeSpan.FromMilliseconds(50),
            Certificates = null,
        };
        var services = new ServiceCollection();
        services.AddMetrics();
        services.AddLogging(logging => logging.AddProvider(new TestOutputLogging()).SetMinimumLevel(LogLevel.Debug).AddFilter("System", LogLevel.Warning).AddFilter("Microsoft", LogLevel.Warning));
        services.AddSingleton(Server.ClientConfiguration());
        services.AddSingleton<ILoadSource>(Managers);
        services.AddSingleton<IUseSource>(Use);
        services.AddOperator(change?.Invoke(options) ?? options);
        return await RunningOperator.StartAsync(services.BuildServiceProvider());
    }

    internal IReadOnlyList<JsonObject> Lots => Server.Objects.List("workerlots.sandcastle.dev", Namespace);

    internal IReadOnlyList<JsonObject> Workloads => Server.Objects.List("workloads.kueue.x-k8s.io", Namespace, "sandcastle.dev/pool");

    internal IReadOnlyList<JsonObject> Pods => Server.Objects.List("pods", Namespace);

    internal Task<IReadOnlyList<JsonObject>> WaitForPodsAsync(Func<IReadOnlyList<JsonObject>, bool> wanted) => WaitAsync("pods", wanted);

    internal Task<IReadOnlyList<JsonObject>> WaitForLotsAsync(Func<IReadOnlyList<JsonObject>, bool> wanted) => WaitAsync("workerlots.sandcastle.dev", wanted);

    internal Task<IReadOnlyList<JsonObject>> WaitForWorkloadsAsync(Func<IReadOnlyList<JsonObject>, bool> wanted) => WaitAsync("workloads.kueue.x-k8s.io", wanted);

    internal Task<IReadOnlyList<JsonObject>> WaitForPoolsAsync(Func<IReadOnlyList<JsonObject>, bool> wanted) => WaitAsync("sandboxpools.sandcastle.dev", wanted);

    /// <summary>Waits for what must come; what does not come within five minutes has not, on however busy a machine.</summary>
    internal async Task<IReadOnlyList<JsonObject>> WaitAsync(string resource, Func<IReadOnlyList<JsonObject>, bool> wanted)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromMinutes(5));
        try
        {
            return await Server.Objects.WaitAsync(resource, Namespace, wanted, limit.Token);
        }
        catch (OperationCanceledException exception) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
        {
            var there = string.Join('\n', Server.Objects.List(resource, Namespace).Select(item => item.ToJsonString()));
            throw new TimeoutException($"{resource} did not become as wanted:\n{there}", exception);
        }
    }

    /// <summary>Waits until the pool has so many ready workers.</summary>
    internal Task WaitForReadyAsync(int workers, string pool = "py") => WaitForPoolsAsync(pools => pools.Any(item =>
        item["metadata"]!["name"]!.GetValue<string>() == pool && item["status"]?["readyWorkers"]?.GetValue<int>() == workers));

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await _kubelet;
        await Server.DisposeAsync();
        _ended.Dispose();
    }

    private static string Plural(string kind) => kind switch
    {
        "ResourceFlavor" => "resourceflavors.kueue.x-k8s.io",
        "ClusterQueue" => "clusterqueues.kueue.x-k8s.io",
        "LocalQueue" => "localqueues.kueue.x-k8s.io",
        "WorkloadPriorityClass" => "workloadpriorityclasses.kueue.x-k8s.io",
        "SandboxTemplate" => "sandboxtemplates.sandcastle.dev",
        "RuntimeClass" => "runtimeclasses.node.k8s.io",
        "Node" => "nodes",
        _ => throw new NotSupportedException(kind),
    };

    private static JsonArray Quota(int cpus) =>
    [
        new JsonObject
        {
            ["coveredResources"] = new JsonArray("cpu", "memory"),
            ["flavors"] = new JsonArray(new JsonObject
            {
                ["name"] = "on-demand",
                ["resources"] = new JsonArray(
                    new JsonObject { ["name"] = "cpu", ["nominalQuota"] = $"{cpus}" },
                    new JsonObject { ["name"] = "memory", ["nominalQuota"] = "4Ti" }),
            }),
        },
    ];
}
