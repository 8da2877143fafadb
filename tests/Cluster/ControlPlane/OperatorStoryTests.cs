using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using k8s;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sandcastle.Cluster.Manifests;
using Sandcastle.Operator;
using Sandcastle.Operator.Leases;
using Sandcastle.Operator.Load;

namespace Sandcastle.Cluster.ControlPlane;

/// <summary>
/// A pool's whole life: the real operator with the rights that deploy/base gives it, the real API server, the real Kueue. Nodes and load are
/// played. The log is artifacts/cluster/story.md.
/// </summary>
[Collection(ControlPlaneCollection.Name)]
public sealed class OperatorStoryTests(ApiServer server)
{
    private const string Pools = "/apis/sandcastle.dev/v1alpha1/namespaces/sandcastle-pools/sandboxpools";
    private const string Lots = "/apis/sandcastle.dev/v1alpha1/namespaces/sandcastle-pools/workerlots";
    private const string Workloads = "/apis/kueue.x-k8s.io/v1beta2/namespaces/sandcastle-pools/workloads";
    private const string Queue = "/apis/kueue.x-k8s.io/v1beta2/clusterqueues/sandcastle";
    private const string Pods = "/api/v1/namespaces/sandcastle-pools/pods";
    private const string Pool = $"{Pools}/python";

    private StoryLog _log = null!;

    [Fact]
    public async Task Pool_lives_grows_waits_gives_way_shrinks_and_leaves_nothing()
    {
        await ReadyAsync(server, cpus: 8);
        _log = new StoryLog("story");
        await using var node = await PlayedNode.StartAsync(server, "sandcastle-pools");
        var load = new PlayedLoad(server, Pods);
        using var host = await OperatorAsync(load);
        try
        {
            await BeginAsync();
            await GrowAsync(load);
            await ExhaustAsync();
            await GiveWayAsync();
            await ShrinkAsync(load);
            await EndAsync();
        }
        finally
        {
            await server.Admin.DeleteAsync(Pool);
            await host.StopAsync(CancellationToken.None);
        }
    }

    private async Task BeginAsync()
    {
        foreach (var item in YamlObjects.Read(Path.Combine(Repository.Deploy, "samples", "pool.yaml")))
        {
            if (item.Kind() == "SandboxPool")
            {
                item["spec"]!["workers"]!["max"] = 6;
                item["spec"]!["scaling"] = new JsonObject { ["scaleUpWindow"] = "1s", ["scaleDownQuiet"] = "3s", ["drainGrace"] = "2s" };
            }

            (await server.Admin.ApplyAsync($"{(item.Kind() == "SandboxPool" ? Pools : $"{Pools[..^"sandboxpools".Length]}sandboxtemplates")}/{item.Name()}", item)).Expect();
        }

        _log.Write("pool created: 2 workers at least, 6 at most, in lots of 2 with 2 CPUs each; the queue has 8 CPUs", "");
        var pool = await server.Admin.WaitForAsync(Pool, pool => Count(pool, "readyWorkers") == 2);
        await UsageAsync("4");
        _log.Write("lot admitted, its Pods admitted by Pod Security, bound and ready", Describe(pool));
        await server.Admin.WaitForAsync("/api/v1/namespaces/sandcastle-pools/secrets/sandcastle-worker-tls", _ => true);
        _log.Write("the workers' certificate is there, made with the rights of deploy/base", "Secret sandcastle-worker-tls");
    }

    private async Task GrowAsync(PlayedLoad load)
    {
        load.Busy = 230;
        _log.Write("load: 230 of each worker's 250 slots at work", "");
        var pool = await server.Admin.WaitForAsync(Pool, pool => Count(pool, "readyWorkers") == 4);
        await UsageAsync("8");
        _log.Write("second lot admitted", Describe(pool));
    }

    private async Task ExhaustAsync()
    {
        var pool = await server.Admin.WaitForAsync(
            Pool, pool => Count(pool, "lots") == 3 && CustomResources.Condition(pool, "QuotaReserved") is { } condition && (string)condition["status"]! == "False"
                && ((string)condition["message"]!).Contains("cpu in flavor default", StringComparison.Ordinal));
        _log.Write("third lot asked for, quota exhausted: Pending, in Kueue's words", (string)CustomResources.Condition(pool, "QuotaReserved")!["message"]!);
        (await Kubectl.ExpectAsync(server.Kubeconfig, "get", "sbp", "-n", "sandcastle-pools")).ShouldContain("python");
    }

    private async Task GiveWayAsync()
    {
        (await server.Admin.CreateAsync(Workloads, YamlObjects.Parse("""
            {apiVersion: kueue.x-k8s.io/v1beta2, kind: Workload, metadata: {name: urgent}, spec: {queueName: wholesale, priority: 100000, podSets: [
              {name: main, count: 1, template: {spec: {restartPolicy: Never, containers: [{name: c, image: "none:1", resources: {requests: {cpu: "4", memory: 1Gi}}}]}}}]}}
            """).Single())).Expect();
        _log.Write("somebody else's Workload of 4 CPUs and a higher priority", "");
        await server.Admin.WaitForAsync(Lots, lots => Phases(lots).Any(phase => phase is "Draining" or "Released"));
        _log.Write("a lot is evicted, and drains", string.Join(", ", Phases((await server.Admin.GetAsync(Lots)).Expect())));
        await server.Admin.WaitForAsync($"{Workloads}/urgent", workload => CustomResources.HasCondition(workload, "Admitted"));
        await UsageAsync("8");
        var pods = (await server.Admin.GetAsync(Pods)).Expect()["items"]!.AsArray().Count(pod => (string?)pod!["metadata"]!["labels"]?["sandcastle.dev/pool"] == "python");
        pods.ShouldBe(2);
        _log.Write("its workers gone, its quota released in one patch, the other Workload admitted", $"{pods} workers left; 8 CPUs reserved");
    }

    private async Task ShrinkAsync(PlayedLoad load)
    {
        load.Busy = 0;
        (await server.Admin.DeleteAsync($"{Workloads}/urgent")).Expect();
        await server.Admin.WaitForGoneAsync($"{Workloads}/urgent");
        _log.Write("load gone, the other Workload gone", "");
        var pool = await server.Admin.WaitForAsync(Pool, pool => Count(pool, "lots") == 1 && Count(pool, "readyWorkers") == 2, TimeSpan.FromSeconds(90));
        await UsageAsync("4");
        _log.Write("down to the least", Describe(pool));
    }

    private async Task EndAsync()
    {
        (await server.Admin.DeleteAsync(Pool)).Expect();
        await server.Admin.WaitForGoneAsync(Pool);
        foreach (var path in new[] { Lots, Workloads })
        {
            await server.Admin.WaitForAsync(path, list => list["items"]!.AsArray().Count == 0);
        }

        const string OfThePool = "?labelSelector=sandcastle.dev/pool=python";
        await server.Admin.WaitForAsync($"{Pods}{OfThePool}", list => list["items"]!.AsArray().Count == 0);
        await server.Admin.WaitForAsync($"/api/v1/namespaces/sandcastle-pools/configmaps{OfThePool}", list => list["items"]!.AsArray().Count == 0);
        await UsageAsync("0");
        _log.Write("pool deleted", "no lot, no Workload, no Pod, no ConfigMap of it; 0 CPUs reserved");
    }

    internal static async Task ReadyAsync(ApiServer server, int cpus)
    {
        Kueue.Require();
        Assets.Require("kubectl", "kube-controller-manager");
        await server.KueueAsync();
        await Kubectl.ExpectAsync(server.Kubeconfig, "apply", "-k", Path.Combine(Repository.Deploy, "base"), "--wait=false");
        await Kubectl.ExpectAsync(server.Kubeconfig, "apply", "-f", Path.Combine(Repository.Deploy, "samples", "kueue.yaml"));
        (await server.Admin.MergeAsync(Queue, YamlObjects.Parse($$"""
            {spec: {resourceGroups: [{coveredResources: [cpu, memory], flavors: [{name: default, resources: [
              {name: cpu, nominalQuota: "{{cpus}}"}, {name: memory, nominalQuota: 128Gi}]}]}]} }
            """).Single())).Expect();
        await server.Admin.WaitForAsync(Queue, queue => CustomResources.HasCondition(queue, "Active"));
    }

    /// <summary>As its Deployment would run it: with its ServiceAccount's token, and so with no right that deploy/base does not give.</summary>
    private async Task<IHost> OperatorAsync(ILoadSource load)
    {
        var token = await server.Admin.CreateAsync(
            "/api/v1/namespaces/sandcastle-system/serviceaccounts/sandcastle-operator/token",
            YamlObjects.Parse("{apiVersion: authentication.k8s.io/v1, kind: TokenRequest, spec: {expirationSeconds: 3600}}").Single());
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.AddProvider(new FileLogging("operator"));
        builder.Services.AddSingleton(new KubernetesClientConfiguration
        {
            Host = server.Address.ToString(),
            AccessToken = (string)token.Expect()["status"]!["token"]!,
            SslCaCerts = [X509CertificateLoader.LoadCertificateFromFile(server.Authority.CertificateFile)],
        });
        builder.Services.AddSingleton(load);
        builder.Services.AddOperator(new OperatorOptions { Lease = new LeaseOptions { Identity = "story" } });
        var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        return host;
    }

    private Task<JsonObject> UsageAsync(string cpu) => server.Admin.WaitForAsync(Queue, queue =>
        (string?)queue["status"]?["flavorsReservation"]?[0]?["resources"]?.AsArray().Single(resource => (string)resource!["name"]! == "cpu")!["total"] == cpu);

    private static IEnumerable<string> Phases(JsonObject lots) =>
        lots["items"]!.AsArray().Select(lot => (string?)lot!["status"]?["phase"] ?? "");

    internal static int Count(JsonObject pool, string field) => (int?)pool["status"]?[field] ?? 0;

    private static string Describe(JsonObject pool) =>
        $"lots {Count(pool, "lots")}, workers ready {Count(pool, "readyWorkers")}, reserved {Count(pool, "reserved")}: {CustomResources.Condition(pool, "Ready")!["message"]}";
}
