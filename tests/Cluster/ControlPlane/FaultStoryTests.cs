using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Sandcastle.Cluster.Manifests;

namespace Sandcastle.Cluster.ControlPlane;

/// <summary>
/// A real control plane whose parts are killed and held up one after the other, while a pool is made to grow and shrink: afterwards it is as
/// it was asked to be, nothing is doubled and no quota is left over; and callers whose programs run on the workers that are there notice nothing.
/// deploy/base as it is, its Pods and the workers as processes of this machine. The log is artifacts/cluster/faults.md.
/// </summary>
[Collection(FaultCollection.Name)]
public sealed class FaultStoryTests : IAsyncLifetime
{
    private const string Pools = "/apis/sandcastle.dev/v1alpha1/namespaces/sandcastle-pools";
    private const string Pool = $"{Pools}/sandboxpools/python";
    private const string Lots = $"{Pools}/workerlots";
    private const string Workloads = "/apis/kueue.x-k8s.io/v1beta2/namespaces/sandcastle-pools/workloads";
    private const string Queue = "/apis/kueue.x-k8s.io/v1beta2/clusterqueues/sandcastle";
    private const string Pods = "/api/v1/namespaces/sandcastle-pools/pods?labelSelector=sandcastle.dev/pool=python";
    private const string Lease = "/apis/coordination.k8s.io/v1/namespaces/sandcastle-system/leases/sandcastle-operator";
    private const string Operator = "sandcastle-operator-";
    private const int MostWorkers = 5;
    private const int CpusEach = 1;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private ApiServer _server = null!;
    private Node _node = null!;
    private StoryLog _log = null!;
    private IReadOnlyList<RunStream> _streams = [];
    private LotWatch _watch = null!;

    public async ValueTask InitializeAsync() => _server = await ApiServer.BreakableAsync("faults-");

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Pool_becomes_what_was_asked_whatever_fails_and_running_workers_never_notice()
    {
        await OperatorStoryTests.ReadyAsync(_server, cpus: MostWorkers * CpusEach);
        var address = Ports.Reachable();
        Assert.SkipUnless(address is not null, "this machine has no IPv4 address but loopback, and a Pod's is none such");
        Assert.SkipUnless(File.Exists(PodProcess.Daemon), "bin/sandcastled is not built: make build");
        Assert.SkipUnless(Environment.UserName == "root", "workers need root, or subordinate ids and a delegated cgroup");
        _log = new StoryLog("faults");
        _node = await Node.StartAsync(_server, address!, "sandcastle-system", "sandcastle-pools");
        _watch = new LotWatch(_server, MostWorkers);
        try
        {
            await await Task.WhenAny(LiveAsync(address!), _node.Loop);
        }
        finally
        {
            foreach (var stream in _streams)
            {
                await stream.DisposeAsync();
            }

            await _watch.DisposeAsync();
            await _node.DisposeAsync();
        }
    }

    private async Task LiveAsync(IPAddress address)
    {
        await BeginAsync(address);
        await DuringAsync("kube-apiserver killed while a second lot is made, and started again when each caller had run 10 programs more", 2, KillServerAsync);
        await DuringAsync("every request to etcd arrives 2 s later, until a third lot has been asked for, admitted, and its Pod made", 3, SlowStoreAsync);
        await DuringAsync("Kueue killed, a fourth lot asked for, and Kueue started again when each caller had run 10 programs more", 4, KillKueueAsync);
        await DuringAsync("kube-apiserver killed, etcd's history forgotten, kube-apiserver started again: every watch is answered with 410; two lots are asked back", 2, ForgetAsync);
        await DuringAsync("the operator that leads is killed while a third lot is asked for", 3, KillLeaderAsync);
        await EndAsync();
    }

    private async Task BeginAsync(IPAddress address)
    {
        foreach (var item in YamlObjects.Read(Path.Combine(Repository.Deploy, "samples", "pool.yaml")))
        {
            if (item.Kind() == "SandboxPool")
            {
                var spec = item["spec"]!.AsObject();
                spec["workers"] = new JsonObject { ["min"] = 0, ["max"] = MostWorkers, ["perLot"] = 1 };
                spec["resources"] = new JsonObject { ["cpu"] = $"{CpusEach}", ["memory"] = "1Gi" };
                spec["slotsPerWorker"] = 4;
                spec["ready"] = 0;
                spec["scaling"] = new JsonObject { ["scaleUpWindow"] = "1s", ["scaleDownQuiet"] = "4s", ["drainGrace"] = "5s" };
            }
            else
            {
                item["spec"]!["ready"] = 2;
            }

            (await _server.Admin.CreateAsync($"{Pools}/{item.Kind().ToLowerInvariant()}s", item)).Expect();
        }

        var key = await KeyAsync();
        await FromNothingAsync(address, key);
        (await _server.Admin.ApplyAsync("/api/v1/namespaces/team-a", YamlObjects.Parse("{apiVersion: v1, kind: Namespace, metadata: {name: team-a}}").Single())).Expect();
        (await _server.Admin.ApplyAsync("/api/v1/namespaces/team-a/serviceaccounts/sandcastle-user", YamlObjects.Parse("{apiVersion: v1, kind: ServiceAccount, metadata: {name: sandcastle-user, namespace: team-a}}").Single())).Expect();
        var token = await _server.Admin.CreateAsync("/api/v1/namespaces/team-a/serviceaccounts/sandcastle-user/token", YamlObjects.Parse(
            "{apiVersion: authentication.k8s.io/v1, kind: TokenRequest, spec: {audiences: [sandcastle], expirationSeconds: 3600}}").Single());
        _streams = [new RunStream(address, "X-API-Key", key), new RunStream(address, "X-Sandcastle-Token", (string)token.Expect()["status"]!["token"]!)];
        await RunOnAsync();
        await SettledAsync(1);
        _log.Write("a pool of one worker; two callers run one program after the other from here on, one with an API key, one with a Kubernetes token", Describe(1));
    }

    /// <summary>A pool of no workers: who does not wait is told when to come again, and who waits has the first worker made.</summary>
    private async Task FromNothingAsync(IPAddress address, string key)
    {
        using var manager = RunStream.Manager(address, "X-API-Key", key);
        await _server.Admin.WaitForAsync(Pool, pool => pool["status"]?["conditions"] is not null);
        using var refused = await RepeatAsync(manager, new { template = "python", code = "print(1)" }, HttpStatusCode.NotFound);
        refused.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        var problem = JsonNode.Parse(await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        ((string)problem["detail"]!).ShouldBe("pool sandcastle-pools/python has no worker for template 'python' now; one is asked for");
        refused.Headers.RetryAfter!.Delta!.Value.ShouldBe(TimeSpan.FromSeconds(5));
        var begun = Stopwatch.GetTimestamp();
        using var waited = await manager.PostAsJsonAsync("/v1/runs", new { template = "python", code = "print(6 * 7)", queue = new { maxWaitMs = 60_000 } }, TestContext.Current.CancellationToken);
        var text = await waited.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        ((string?)JsonNode.Parse(text)!["stdout"]).ShouldBe("42\n", text);
        _log.Write("a pool of no workers, and a run that waits in line", string.Create(CultureInfo.InvariantCulture, $"{problem["detail"]}: 503, Retry-After 5 s, for one that does not wait; the other ran {Stopwatch.GetElapsedTime(begun).TotalSeconds:0.0} s later, on the first worker of the first lot"));
        await WantAsync(1);
        await SettledAsync(1);
    }

    /// <summary>Until the answer is another: the manager learns of pools as it learns of workers, a moment later.</summary>
    private static async Task<HttpResponseMessage> RepeatAsync(HttpClient manager, object run, HttpStatusCode notYet)
    {
        while (true)
        {
            var answer = await manager.PostAsJsonAsync("/v1/runs", run, TestContext.Current.CancellationToken);
            if (answer.StatusCode != notYet)
            {
                return answer;
            }

            answer.Dispose();
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>What the manager made at its first start.</summary>
    private async Task<string> KeyAsync()
    {
        while (true)
        {
            if (_node.FindAll("sandcastle-manager-") is [{ } manager] && await manager.IsReadyAsync())
            {
                return (await File.ReadAllTextAsync(manager.Place("/var/lib/sandcastle/api-key"), TestContext.Current.CancellationToken)).Trim();
            }

            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>One fault, behind which the pool is to have so many workers.</summary>
    private async Task DuringAsync(string what, int workers, Func<int, Task<string>> fault)
    {
        var begun = Stopwatch.GetTimestamp();
        var before = _streams.Sum(stream => stream.Count);
        var seen = await fault(workers);
        await SettledAsync(workers);
        await RunOnAsync();
        _watch.ShouldHold();
        _streams.SelectMany(stream => stream.Failures).ShouldBeEmpty();
        var after = Describe(workers);
        _log.Write(what, string.Create(CultureInfo.InvariantCulture, $"{seen}{after} after {Stopwatch.GetElapsedTime(begun).TotalSeconds:0.0} s; {_streams.Sum(stream => stream.Count) - before} runs meanwhile, none failed"));
    }

    private async Task<string> KillServerAsync(int workers)
    {
        await WantAsync(workers);
        await _server.Admin.WaitForAsync(Lots, lots => Items(lots).Count == workers);
        await _server.KillAsync();
        await RunOnAsync();
        await _server.ReturnAsync();
        return "";
    }

    private async Task<string> SlowStoreAsync(int workers)
    {
        _server.Link.Delay = TimeSpan.FromSeconds(2);
        try
        {
            // Lot, Workload, admission and Pod are a dozen writes, one behind the other.
            await WantAsync(workers);
            await _server.Admin.WaitForAsync(Pods, pods => Items(pods).Count == workers, Patience);
        }
        finally
        {
            _server.Link.Delay = TimeSpan.Zero;
        }

        return "";
    }

    private async Task<string> KillKueueAsync(int workers)
    {
        var kueue = await _server.KueueAsync();
        await kueue.KillAsync();
        await WantAsync(workers);
        await _server.Admin.WaitForAsync(Lots, lots => Items(lots).Count == workers);
        await RunOnAsync();
        Items((await _server.Admin.GetAsync(Workloads)).Expect()).Count.ShouldBe(workers - 1, "its webhook is down with it, so that the new lot cannot even ask");
        kueue.StartAgain();
        return "";
    }

    private async Task<string> ForgetAsync(int workers)
    {
        var relists = await RelistsAsync();
        await _server.KillAsync();
        await ForgetHistoryAsync();
        await _server.ReturnAsync();
        await WantAsync(workers);
        var more = await RelistsAsync() - relists;
        while (more == 0)
        {
            await Task.Delay(100, TestContext.Current.CancellationToken);
            more = await RelistsAsync() - relists;
        }

        await _server.Admin.WaitForAsync(Pool, pool => OperatorStoryTests.Count(pool, "readyWorkers") == workers, Patience);
        return $"{await RelistsAsync() - relists} lists made anew; ";
    }

    private async Task<string> KillLeaderAsync(int workers)
    {
        var (leader, holder) = (await LeaderAsync(), await HolderAsync());
        await WantAsync(workers);
        await _server.Admin.WaitForAsync(Lots, lots => Items(lots).Count == workers);
        var begun = Stopwatch.GetTimestamp();
        await leader.KillAndRestartAsync();
        while (await HolderAsync() == holder)
        {
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }

        return string.Create(CultureInfo.InvariantCulture, $"another leads after {Stopwatch.GetElapsedTime(begun).TotalSeconds:0.0} s; ");
    }

    private async Task EndAsync()
    {
        var slowest = _streams.Max(stream => stream.Slowest);
        foreach (var stream in _streams)
        {
            await stream.DisposeAsync();
        }

        var (runs, failures) = (_streams.Sum(stream => stream.Count), _streams.SelectMany(stream => stream.Failures).ToList());
        _streams = [];
        failures.ShouldBeEmpty();
        (await _server.Admin.DeleteAsync(Pool)).Expect();
        await _server.Admin.WaitForGoneAsync(Pool, Patience);
        foreach (var path in new[] { Lots, Workloads, Pods })
        {
            await _server.Admin.WaitForAsync(path, list => Items(list).Count == 0, Patience);
        }

        await ReservedAsync(0);
        _watch.ShouldHold();
        _watch.Looks.ShouldBeGreaterThan(10);
        _log.Write("pool deleted", "no lot, no Workload and no Pod is left, so no finalizer; 0 CPUs reserved");
        _log.Write("all of it", string.Create(CultureInfo.InvariantCulture, $"{runs} runs, {failures.Count} failed, the slowest took {slowest.TotalMilliseconds:0} ms; lots, Workloads and Pods were read together {_watch.Looks} times, and the invariants held each time"));
    }

    private Task WantAsync(int workers) => RepeatAsync(() => _server.Admin.MergeAsync(Pool, new JsonObject
    {
        ["spec"] = new JsonObject { ["workers"] = new JsonObject { ["desired"] = workers } },
    }));

    /// <summary>What a person does whose API server has just come back.</summary>
    private static async Task RepeatAsync(Func<Task<Answer>> write)
    {
        while (await write() is { Succeeded: false } answer)
        {
            answer.IsOutage.ShouldBeTrue(answer.Text);
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>As many workers, Pods, lots and Workloads as asked for, ready, and quota for these and no more.</summary>
    private async Task SettledAsync(int workers)
    {
        await _server.Admin.WaitForAsync(Pool, pool => OperatorStoryTests.Count(pool, "readyWorkers") == workers && OperatorStoryTests.Count(pool, "workers") == workers, Patience);
        foreach (var path in new[] { Lots, Workloads, Pods })
        {
            await _server.Admin.WaitForAsync(path, list => Items(list).Count == workers, Patience);
        }

        await ReservedAsync(workers * CpusEach);
    }

    private Task<JsonObject> ReservedAsync(int cpus) => _server.Admin.WaitForAsync(Queue, queue =>
        (string?)queue["status"]?["flavorsReservation"]?[0]?["resources"]?.AsArray().Single(resource => (string)resource!["name"]! == "cpu")!["total"] == cpus.ToString(CultureInfo.InvariantCulture), Patience);

    private Task RunOnAsync() => Task.WhenAll(_streams.Select(stream => stream.GoOnAsync(10)));

    private static string Describe(int workers) => $"{workers} workers ready, as many lots, Workloads and Pods, and quota for these";

    private async Task<PodProcess> LeaderAsync()
    {
        while (true)
        {
            foreach (var one in _node.FindAll(Operator))
            {
                if (await one.ReadinessAsync() == "leading\n")
                {
                    return one;
                }
            }

            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>By the lease: a process that was killed and started again is another one.</summary>
    private async Task<string?> HolderAsync() => (string?)(await _server.Admin.GetAsync(Lease)).Expect()["spec"]!["holderIdentity"];

    /// <summary>How many lists the operators made because the server had forgotten, by their logs.</summary>
    private static async Task<int> RelistsAsync()
    {
        var count = 0;
        foreach (var file in Directory.EnumerateFiles(Repository.PathTo("artifacts", "cluster"), $"faults-{Operator}*.log"))
        {
            count += (await File.ReadAllTextAsync(file)).Split("The server has forgotten version").Length - 1;
        }

        return count;
    }

    /// <summary>Past the API server: something is written, and everything before it is forgotten.</summary>
    private async Task ForgetHistoryAsync()
    {
        using var etcd = new HttpClient { BaseAddress = _server.Etcd };
        using var put = await etcd.PostAsJsonAsync("/v3/kv/put", new { key = "dGVzdHM=", value = "dGVzdHM=" }, TestContext.Current.CancellationToken);
        put.EnsureSuccessStatusCode();
        var answer = JsonNode.Parse(await put.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        using var compact = await etcd.PostAsJsonAsync("/v3/kv/compaction", new { revision = (string)answer["header"]!["revision"]!, physical = true }, TestContext.Current.CancellationToken);
        compact.EnsureSuccessStatusCode();
    }

    private static JsonArray Items(JsonObject list) => list["items"]!.AsArray();
}
