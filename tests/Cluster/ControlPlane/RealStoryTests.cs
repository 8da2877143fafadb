using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Sandcastle.Cluster.Manifests;

namespace Sandcastle.Cluster.ControlPlane;

/// <summary>
/// The whole story with everything real but the node: deploy/base as it is, its Deployments' Pods and the pool's workers as processes of this
/// machine with the arguments, Secrets and tokens that their Pods have, and a tenant behind the API server's proxy. The log is
/// artifacts/cluster/real-story.md.
/// </summary>
[Collection(ControlPlaneCollection.Name)]
public sealed class RealStoryTests(ApiServer server)
{
    private const string Pools = "/apis/sandcastle.dev/v1alpha1/namespaces/sandcastle-pools";
    private const string Pool = $"{Pools}/sandboxpools/python";
    private const string Workloads = "/apis/kueue.x-k8s.io/v1beta2/namespaces/sandcastle-pools/workloads";
    private const string OfThePool = "?labelSelector=sandcastle.dev/pool=python";
    private const string Sleeping = "import time; time.sleep(25); print('slept')";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private StoryLog _log = null!;

    [Fact]
    public async Task Pool_is_bought_runs_grows_gives_way_shrinks_and_leaves_nothing()
    {
        await OperatorStoryTests.ReadyAsync(server, cpus: 4);
        var address = Ports.Reachable();
        Assert.SkipUnless(address is not null, "this machine has no IPv4 address but loopback, and the API server proxies to none such");
        Assert.SkipUnless(File.Exists(PodProcess.Daemon), "bin/sandcastled is not built: make build");
        Assert.SkipUnless(Environment.UserName == "root", "workers need root, or subordinate ids and a delegated cgroup");
        foreach (var item in YamlObjects.Read(Path.Combine(Repository.Deploy, "samples", "tenant.yaml")).Where(item => item.Kind() is "Namespace" or "ServiceAccount"))
        {
            (await server.Admin.ApplyAsync(item.Kind() == "Namespace" ? "/api/v1/namespaces/team-a" : "/api/v1/namespaces/team-a/serviceaccounts/sandcastle-user", item)).Expect();
        }

        _log = new StoryLog("real-story");
        var node = await Node.StartAsync(server, address!, "sandcastle-system", "sandcastle-pools");
        try
        {
            await await Task.WhenAny(LiveAsync(node, address!), node.Loop);
        }
        finally
        {
            await server.Admin.DeleteAsync(Pool);
            await node.DisposeAsync();
        }
    }

    private async Task LiveAsync(Node node, IPAddress address)
    {
        using var tenant = new ProxiedRunner(server, "team-a", address);
        await BeginAsync(node, tenant);
        await BeFirstAsync(address);
        await MeasureAsync(tenant);
        var load = await GrowAsync(tenant);
        await GiveWayAsync(load);
        await ShrinkAsync(load);
        await EndAsync(node, tenant);
    }

    private async Task BeginAsync(Node node, ProxiedRunner tenant)
    {
        foreach (var item in YamlObjects.Read(Path.Combine(Repository.Deploy, "samples", "pool.yaml")))
        {
            if (item.Kind() == "SandboxPool")
            {
                item["spec"]!["workers"] = new JsonObject { ["min"] = 1, ["max"] = 3, ["perLot"] = 1 };
                item["spec"]!["slotsPerWorker"] = 12;
                item["spec"]!["ready"] = 2;
                item["spec"]!["scaling"] = new JsonObject { ["scaleUpWindow"] = "1s", ["scaleDownQuiet"] = "3s", ["drainGrace"] = "2s" };
            }
            else
            {
                item["spec"]!["ready"] = 8;
            }

            (await server.Admin.ApplyAsync($"{Pools}/{(item.Kind() == "SandboxPool" ? "sandboxpools" : "sandboxtemplates")}/{item.Name()}", item)).Expect();
        }

        _log.Write("pool created: one worker of 2 CPUs and 12 slots a lot, three at most; the queue has 4 CPUs", "");
        await server.Admin.WaitForAsync(Pool, pool => OperatorStoryTests.Count(pool, "readyWorkers") == 1, TimeSpan.FromMinutes(2));
        _log.Write("lot admitted; its worker runs, with the certificate that the operator made, and is ready", "");
        await WorkersAsync(tenant, 1);
        _log.Write("the manager found the Pod and is attached", "");
        await node.SaysAsync("sandcastle-manager", "rehearsed a caller's request");
        _log.Write("it has rehearsed: an empty program on the worker, and one by the way of a caller's request", "");
    }

    /// <summary>With a token that the manager has never seen, and so asks about.</summary>
    private async Task BeFirstAsync(IPAddress address)
    {
        using var newcomer = new ProxiedRunner(server, "team-a", address);
        await newcomer.TakeTokenAsync();
        var (status, body, took) = await newcomer.RunAsync("print(6 * 7)");
        status.ShouldBe(HttpStatusCode.OK, body.ToJsonString());
        ((string)body["stdout"]!).ShouldBe("42\n");
        _log.Write(
            "first run of the tenant team-a, through the API server's proxy, with a token that the manager has to ask about",
            $"{Milliseconds(took)} ms, of which until its receipt {Milliseconds(Total(body))}; {MachineLoad()}");
    }

    private async Task MeasureAsync(ProxiedRunner tenant)
    {
        var (proxied, direct, totals, ping, directPing) = (new List<TimeSpan>(), new List<TimeSpan>(), new List<TimeSpan>(), new List<TimeSpan>(), new List<TimeSpan>());
        for (var i = 0; i < 200; i++)
        {
            await MeasureAsync(proxied, totals, tenant.RunAsync);
            await MeasureAsync(direct, [], tenant.RunDirectlyAsync);
            ping.Add(await tenant.PingAsync());
            await PauseAsync();
            directPing.Add(await tenant.PingDirectlyAsync());
            await PauseAsync();
        }

        _log.Write(
            "200 runs of print(1) through API server, manager and worker, alternating with 200 at the manager itself, 20 ms between",
            $"proxy {Summary(proxied)}; manager {Summary(direct)}; {MachineLoad()}");
        _log.Write("where that goes: the same way with GET /healthz, in between; and each run's own total, until its receipt", $"proxy {Summary(ping)}; manager {Summary(directPing)}; total {Summary(totals)}");
    }

    private static async Task MeasureAsync(List<TimeSpan> times, List<TimeSpan> totals, Func<string, Task<(HttpStatusCode Status, JsonObject Body, TimeSpan Took)>> run)
    {
        var (status, body, took) = await run("print(1)");
        status.ShouldBe(HttpStatusCode.OK, body.ToJsonString());
        times.Add(took);
        totals.Add(Total(body));
        await PauseAsync();
    }

    private static Task PauseAsync() => Task.Delay(20, Cancelled);

    /// <summary>From the request's arrival at the manager until its receipt is written, without the wire between manager and worker.</summary>
    private static TimeSpan Total(JsonObject body) => TimeSpan.FromMilliseconds((double)body["timings"]!["totalMs"]!);

    private static string Summary(List<TimeSpan> times)
    {
        times.Sort();
        return $"p50 {Milliseconds(times[times.Count / 2])} ms, p99 {Milliseconds(times[times.Count * 99 / 100])} ms";
    }

    private async Task<List<Task<(HttpStatusCode Status, JsonObject Body, TimeSpan Took)>>> GrowAsync(ProxiedRunner tenant)
    {
        var load = Enumerable.Range(0, 11).Select(_ => tenant.RunAsync(Sleeping)).ToList();
        _log.Write("load: 11 programs that sleep for 25 s", "");
        await server.Admin.WaitForAsync(Pool, pool => OperatorStoryTests.Count(pool, "readyWorkers") == 2);
        await WorkersAsync(tenant, 2);
        _log.Write("second lot admitted, its worker attached", "");
        load.AddRange(Enumerable.Range(0, 11).Select(_ => tenant.RunAsync(Sleeping)));
        var pool = await server.Admin.WaitForAsync(
            Pool, pool => OperatorStoryTests.Count(pool, "lots") == 3 && CustomResources.Condition(pool, "QuotaReserved") is { } condition && (string)condition["status"]! == "False"
                && ((string)condition["message"]!).Contains("cpu in flavor default", StringComparison.Ordinal));
        _log.Write("11 more; third lot asked for, quota exhausted: Pending, in Kueue's words", (string)CustomResources.Condition(pool, "QuotaReserved")!["message"]!);
        return load;
    }

    private async Task GiveWayAsync(List<Task<(HttpStatusCode Status, JsonObject Body, TimeSpan Took)>> load)
    {
        (await server.Admin.CreateAsync(Workloads, YamlObjects.Parse("""
            {apiVersion: kueue.x-k8s.io/v1beta2, kind: Workload, metadata: {name: urgent}, spec: {queueName: wholesale, priority: 100000, podSets: [
              {name: main, count: 1, template: {spec: {restartPolicy: Never, containers: [{name: c, image: "none:1", resources: {requests: {cpu: "2", memory: 1Gi}}}]}}}]}}
            """).Single())).Expect();
        _log.Write("somebody else's Workload of 2 CPUs and a higher priority", "");
        await server.Admin.WaitForAsync($"{Workloads}/urgent", workload => CustomResources.HasCondition(workload, "Admitted"));
        _log.Write("a lot was evicted, drained and released; the other Workload is admitted", "");
        var answers = await Task.WhenAll(load);
        var finished = answers.Count(a => (string?)a.Body["stdout"] == "slept\n");
        var preempted = answers.Count(a => a.Status == HttpStatusCode.ServiceUnavailable && (string?)a.Body["kind"] == "preempted");
        (finished + preempted).ShouldBe(answers.Length, string.Join('\n', answers.Select(a => $"{a.Status} {a.Body["kind"]} {a.Body["detail"]} {a.Body["outcome"]}")));
        preempted.ShouldBeGreaterThan(0);
        _log.Write("the 22 programs that ran meanwhile", $"{finished} finished, {preempted} were ended after the grace and answered `preempted`");
    }

    private async Task ShrinkAsync(List<Task<(HttpStatusCode Status, JsonObject Body, TimeSpan Took)>> load)
    {
        load.Clear();
        (await server.Admin.DeleteAsync($"{Workloads}/urgent")).Expect();
        await server.Admin.WaitForAsync(
            Pool, pool => OperatorStoryTests.Count(pool, "lots") == 1 && OperatorStoryTests.Count(pool, "readyWorkers") == 1, TimeSpan.FromSeconds(90));
        _log.Write("load gone, the other Workload gone: down to the least", "");
    }

    private async Task EndAsync(Node node, ProxiedRunner tenant)
    {
        var usage = await tenant.GetAsync("/v1/usage");
        _log.Write("the tenant's bill, by the manager's ledger", $"{usage["total"]!["runs"]} runs, {(long)usage["total"]!["cpuMicros"]! / 1000} ms of CPU");
        (await server.Admin.DeleteAsync(Pool)).Expect();
        await server.Admin.WaitForGoneAsync(Pool);
        foreach (var path in new[] { $"{Pools}/workerlots", Workloads, $"/api/v1/namespaces/sandcastle-pools/pods{OfThePool}" })
        {
            await server.Admin.WaitForAsync(path, list => list["items"]!.AsArray().Count == 0);
        }

        node.Running.ShouldBe(3); // a manager, and two operators of which one leads
        _log.Write("pool deleted", "no lot, no Workload, no Pod of it, no worker process");
    }

    /// <summary>As the manager sees them: attached, and with ready slots.</summary>
    private static async Task WorkersAsync(ProxiedRunner tenant, int count)
    {
        while ((await tenant.GetAsync("/v1/workers"))["workers"] is not JsonArray workers || workers.Count(w => (bool)w!["attached"]! && (int)w["slotsReady"]! > 0) < count)
        {
            await Task.Delay(50, Cancelled);
        }
    }

    /// <summary>What a figure was taken under: everything of the cluster is on this machine, and others may be.</summary>
    private static string MachineLoad() => $"load average {File.ReadAllText("/proc/loadavg").Split(' ')[0]} on {Environment.ProcessorCount} processors";

    private static string Milliseconds(TimeSpan time) => time.TotalMilliseconds.ToString("0.0", CultureInfo.InvariantCulture);
}
