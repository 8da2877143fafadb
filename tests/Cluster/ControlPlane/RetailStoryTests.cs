using System.Diagnostics;
using System.Globalization;
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
using Sandcastle.Operator.Retail;

namespace Sandcastle.Cluster.ControlPlane;

/// <summary>
/// Two tenants in one queue: the real operator with the rights that deploy/ gives it, the real API server, the real Kueue, its ledger check
/// and its Admission Fair Sharing. Nodes and what tenants use are played; the rules' times are fifteen times shorter, or as much as
/// SANDCASTLE_RETAIL_COMPRESSION says (1 to 15; with 1 it takes about ten minutes). The log is artifacts/cluster/retail.md.
/// </summary>
[Collection(ControlPlaneCollection.Name)]
public sealed class RetailStoryTests(ApiServer server) : IAsyncDisposable
{
    private const string Kueue = "/apis/kueue.x-k8s.io/v1beta2";
    private const string Retail = $"{Kueue}/clusterqueues/sandcastle-retail";
    private const string Pools = "/apis/sandcastle.dev/v1alpha1/namespaces/sandcastle-pools/sandboxpools";
    private const string Cpu = "sandcastle.dev/millicpu";

    private static readonly double Compression =
        Environment.GetEnvironmentVariable("SANDCASTLE_RETAIL_COMPRESSION") is { Length: > 0 } text ? double.Parse(text, CultureInfo.InvariantCulture) : 15;

    private static readonly RetailOptions Rules = Compressed(new RetailOptions());
    private static readonly TimeSpan Refill = TimeSpan.FromSeconds(120) / Compression;

    /// <summary>Beyond what the rules' own times need.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(10);

    /// <summary>What waits long is halved again and again, once in each pause.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60) + (8 * Rules.ChangeEvery);

    private static readonly string[] Teams = ["team-a", "team-b"];

    private readonly PlayedManager _manager = new();
    private StoryLog _log = null!;

    public ValueTask DisposeAsync() => _manager.DisposeAsync();

    [Fact]
    public async Task Leases_follow_use_give_way_obey_budgets_and_are_ordered_by_what_was_used()
    {
        Assert.SkipWhen(Ports.Reachable() is null, "there is no address here that an EndpointSlice may name");
        Compression.ShouldBeInRange(1, 15, "SANDCASTLE_RETAIL_COMPRESSION");
        await OperatorStoryTests.ReadyAsync(server, cpus: 8);
        await PrepareAsync();
        _log = new StoryLog("retail");
        using var writes = new WriteMeter();
        await using var node = await PlayedNode.StartAsync(server, "sandcastle-pools");
        using var host = await OperatorAsync();
        try
        {
            await SellAsync();
            await FollowAsync(writes);
            await GiveWayAsync();
            await SpendAsync();
            await ShareAsync();
            Count(writes);
            await EndAsync();
        }
        finally
        {
            await CleanAsync();
            await host.StopAsync(CancellationToken.None);
        }
    }

    private async Task PrepareAsync()
    {
        await Kubectl.ExpectAsync(server.Kubeconfig, "apply", "-f", Path.Combine(Repository.Deploy, "samples", "retail.yaml"));
        var slice = YamlObjects.Parse($$"""
            {apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {name: played-manager, labels: {kubernetes.io/service-name: sandcastle-manager} },
             addressType: IPv4, endpoints: [{addresses: ["{{Ports.Reachable()}}"], conditions: {ready: true} }], ports: [{name: https, port: {{_manager.Port}} }] }
            """).Single();
        (await server.Admin.CreateAsync("/apis/discovery.k8s.io/v1/namespaces/sandcastle-system/endpointslices", slice)).Expect();
    }

    private async Task SellAsync()
    {
        foreach (var item in YamlObjects.Read(Path.Combine(Repository.Deploy, "samples", "pool.yaml")))
        {
            (await server.Admin.ApplyAsync($"{Pools[..^"sandboxpools".Length]}{item.Kind().ToLowerInvariant()}s/{item.Name()}", item)).Expect();
        }

        var queue = await server.Admin.WaitForAsync(Retail, queue => Nominal(queue) == "4000" && CustomResources.HasCondition(queue, "Active"));
        _log.Write("a pool's first lot admitted: two workers of 2 CPUs and 8 GiB", $"the retail queue's quota is {Nominal(queue)} millicpu; the check sandcastle-ledger is active");
        foreach (var team in Teams)
        {
            foreach (var item in YamlObjects.Parse((await File.ReadAllTextAsync(Path.Combine(Repository.Deploy, "samples", "tenant.yaml"))).Replace("team-a", team, StringComparison.Ordinal)))
            {
                (await server.Admin.ApplyAsync(PathOf(item), item)).Expect();
            }
        }

        foreach (var team in Teams)
        {
            await UsageAsync(team, 4);
            await LeasedAsync(team, 4);
        }

        _log.Write("two tenants made from the sample", "each has its floor: 4 credits, 400 millicpu in its LocalQueue's flavorsUsage");
    }

    /// <summary>Load that changes: usage follows within a bucket.</summary>
    private async Task FollowAsync(WriteMeter writes)
    {
        var before = writes.Counts();
        var (lastA, lastB) = (200L, 200L);
        foreach (var (a, b) in new[] { (900L, 300L), (1600, 700), (300, 1500), (1100, 100), (200, 200) })
        {
            _manager.Set("team-a", a, memoryMib: 512);
            _manager.Set("team-b", b, memoryMib: 256);
            var begun = Stopwatch.GetTimestamp();
            await Task.WhenAll(UsageAsync("team-a", Size(a)), UsageAsync("team-b", Size(b)));
            _log.Write($"measured: team-a {a}, team-b {b} millicpu", string.Create(CultureInfo.InvariantCulture, $"flavorsUsage {Size(a) * 100} and {Size(b) * 100} after {Stopwatch.GetElapsedTime(begun).TotalSeconds:0.0} s"));
            var wait = a < lastA || b < lastB ? Rules.ShrinkAfter : Rules.GrowAfter;
            Stopwatch.GetElapsedTime(begun).ShouldBeLessThan(wait + Rules.ChangeEvery + Slack);
            (lastA, lastB) = (a, b);
        }

        foreach (var team in Teams)
        {
            // Chains are cleaned up.
            await server.Admin.WaitForAsync(Leases(team), list => list["items"]!.AsArray().Count == 1);
        }

        var after = writes.Counts();
        _log.Write("the writes of this part", string.Join(", ", after.Select(pair => (pair.Key, Number: pair.Value - before.GetValueOrDefault(pair.Key))).Where(pair => pair.Number > 0).OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Number} {pair.Key}")));
    }

    private async Task GiveWayAsync()
    {
        await RivalAsync("urgent", 40);
        foreach (var team in Teams)
        {
            await LeasedAsync(team, 0);
        }

        var tenant = (await server.Admin.GetAsync(TenantPath("team-a"))).Expect();
        _log.Write("somebody's Workload of higher priority takes all of the queue", $"both leases let go: lease 0, \"{tenant["status"]!["lease"]!["waiting"]}\"");
        await EndRivalAsync("urgent");
        foreach (var team in Teams)
        {
            await LeasedAsync(team, 4);
            await UsageAsync(team, 4);
        }

        _log.Write("it is gone", "both leases are back at 4 credits");
    }

    private async Task SpendAsync()
    {
        var refill = TimeProvider.System.GetUtcNow() + Refill;
        var begun = Stopwatch.GetTimestamp();
        _manager.Set("team-a", 200, memoryMib: 512, spentUntil: refill);
        await LeasedAsync("team-a", 0);
        await UsageAsync("team-a", 0);
        var back = Stopwatch.GetElapsedTime(begun);
        back.ShouldBeLessThan(Refill / 2, "quota that is given back only at the refill is of no use to anybody");
        var lease = (await server.Admin.WaitForAsync(Leases("team-a"), list => list["items"]!.AsArray() is [{ } one] && one["status"]?["requeueState"]?["requeueAt"] is not null))["items"]![0]!;
        var requeueAt = DateTimeOffset.Parse((string)lease["status"]!["requeueState"]!["requeueAt"]!, CultureInfo.InvariantCulture);
        requeueAt.ShouldBeGreaterThan(refill.AddSeconds(-1));
        var check = lease["status"]!["admissionChecks"]![0]!;
        ((string)check["state"]!).ShouldBe("Retry");
        _log.Write(
            string.Create(CultureInfo.InvariantCulture, $"team-a's budget is spent, and refills {Refill.TotalSeconds:0} s later"),
            string.Create(CultureInfo.InvariantCulture, $"flavorsUsage 0 after {back.TotalSeconds:0.0} s: \"{check["message"]}\", Retry with requeueAfterSeconds {check["requeueAfterSeconds"]}; Kueue's requeueAt is {(requeueAt - refill).TotalSeconds:0.0} s behind the refill"));
        while (TimeProvider.System.GetUtcNow() < refill)
        {
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }

        begun = Stopwatch.GetTimestamp();
        _manager.Set("team-a", 200, memoryMib: 512);
        await LeasedAsync("team-a", 4);
        await UsageAsync("team-a", 4);
        _log.Write("the refill", string.Create(CultureInfo.InvariantCulture, $"leased again, and flavorsUsage 400, {Stopwatch.GetElapsedTime(begun).TotalSeconds:0.0} s later"));
    }

    /// <summary>Both wait, and there is room for one: the one that has used less goes first, though its lease is the younger one.</summary>
    private async Task ShareAsync()
    {
        _manager.Set("team-a", 1600, memoryMib: 512);
        await UsageAsync("team-a", Size(1600));
        await server.Admin.WaitForAsync($"{Kueue}/localqueues", queues =>
            Consumed(queues["items"]!.AsArray(), "team-a") is var more and > 0 && more > 1.5m * Consumed(queues["items"]!.AsArray(), "team-b"));
        await RivalAsync("most", 39);
        await RivalAsync("rest", 1);
        foreach (var team in Teams)
        {
            await LeasedAsync(team, 0);
        }

        _manager.Set("team-a", 200, memoryMib: 512);

        // What waits long asks for half and half again: in the end each wants one credit.
        foreach (var team in Teams)
        {
            await server.Admin.WaitForAsync(Leases(team), list => list["items"]!.AsArray() is [{ } one] && (int)one["spec"]!["podSets"]![0]!["count"]! == 1, Patience);
        }

        var consumed = new List<decimal>();
        foreach (var team in Teams)
        {
            consumed.Add(Consumed((await server.Admin.GetAsync(QueuePath(team))).Expect()));
        }

        consumed[0].ShouldBeGreaterThan(consumed[1]);
        await EndRivalAsync("rest");
        await LeasedAsync("team-b", 1);
        var waiting = (await server.Admin.GetAsync(TenantPath("team-a"))).Expect();
        ((int)waiting["status"]!["lease"]!["credits"]!).ShouldBe(0);
        _log.Write(
            "room for one credit, and both tenants wait for one",
            string.Create(CultureInfo.InvariantCulture, $"Admission Fair Sharing: consumed millicpu {consumed[0]:0} and {consumed[1]:0}; team-b is admitted, team-a goes on waiting"));
        await EndRivalAsync("most");
        foreach (var team in Teams)
        {
            await LeasedAsync(team, 4);
        }
    }

    /// <summary>The stated rates: no more leases in a second than 5, no tenant's lease changed more often than its pause allows.</summary>
    private void Count(WriteMeter writes)
    {
        var counts = writes.Counts();
        var seconds = writes.Elapsed.TotalSeconds;
        writes.MostInASecond("create Workload").ShouldBeLessThanOrEqualTo(6, "five leases a second, and a lot");
        counts.GetValueOrDefault("create Workload").ShouldBeLessThanOrEqualTo((int)(2 * (seconds / Rules.ChangeEvery.TotalSeconds)) + 3);
        writes.MostInASecond("patch ClusterQueue").ShouldBeLessThanOrEqualTo(2);
        _log.Write(
            "the writes of the whole story",
            string.Create(CultureInfo.InvariantCulture, $"{counts.Values.Sum()} in {seconds:0} s: {string.Join(", ", counts.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Value} {pair.Key}"))}; at most {writes.MostInASecond("create Workload")} Workloads made in a second"));
    }

    private async Task EndAsync()
    {
        foreach (var team in Teams)
        {
            (await server.Admin.DeleteAsync(TenantPath(team))).Expect();
            await server.Admin.WaitForAsync(Leases(team), list => list["items"]!.AsArray().Count == 0);
            await UsageAsync(team, 0);
        }

        (await server.Admin.DeleteAsync($"{Pools}/python")).Expect();
        await server.Admin.WaitForAsync(Retail, queue => Nominal(queue) == "0");
        _log.Write("tenants and pool deleted", "no lease, no usage; the retail queue's quota is 0");
    }

    private async Task CleanAsync()
    {
        await server.Admin.DeleteAsync($"{Pools}/python");
        foreach (var name in new[] { "urgent", "most", "rest" })
        {
            await server.Admin.DeleteAsync($"{Kueue}/namespaces/team-b/workloads/{name}");
        }

        foreach (var team in Teams)
        {
            await server.Admin.DeleteAsync(TenantPath(team));
        }

        await server.Admin.DeleteAsync("/apis/discovery.k8s.io/v1/namespaces/sandcastle-system/endpointslices/played-manager");
    }

    private async Task RivalAsync(string name, int credits) => (await server.Admin.CreateAsync($"{Kueue}/namespaces/team-b/workloads", YamlObjects.Parse($$"""
        {apiVersion: kueue.x-k8s.io/v1beta2, kind: Workload, metadata: {name: {{name}} }, spec: {queueName: rivals, priority: 1000, podSets: [
          {name: main, count: {{credits}}, template: {spec: {restartPolicy: Never, containers: [{name: c, image: "none:1", resources: {requests: {sandcastle.dev/millicpu: "100", sandcastle.dev/memory-mib: "256"} } }] } } }] } }
        """).Single())).Expect();

    private async Task EndRivalAsync(string name)
    {
        (await server.Admin.DeleteAsync($"{Kueue}/namespaces/team-b/workloads/{name}")).Expect();
        await server.Admin.WaitForGoneAsync($"{Kueue}/namespaces/team-b/workloads/{name}");
    }

    private async Task<IHost> OperatorAsync()
    {
        (await server.Admin.ApplyAsync("/api/v1/namespaces/team-b", YamlObjects.Parse("{apiVersion: v1, kind: Namespace, metadata: {name: team-b, labels: {sandcastle.dev/retail: 'true'}}}").Single())).Expect();
        (await server.Admin.ApplyAsync($"{Kueue}/namespaces/team-b/localqueues/rivals", YamlObjects.Parse(
            "{apiVersion: kueue.x-k8s.io/v1beta2, kind: LocalQueue, metadata: {name: rivals, namespace: team-b}, spec: {clusterQueue: sandcastle-retail}}").Single())).Expect();
        var token = await server.Admin.CreateAsync(
            "/api/v1/namespaces/sandcastle-system/serviceaccounts/sandcastle-operator/token",
            YamlObjects.Parse("{apiVersion: authentication.k8s.io/v1, kind: TokenRequest, spec: {expirationSeconds: 3600}}").Single());
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.AddProvider(new FileLogging("operator-retail"));
        builder.Services.AddSingleton(new KubernetesClientConfiguration
        {
            Host = server.Address.ToString(),
            AccessToken = (string)token.Expect()["status"]!["token"]!,
            SslCaCerts = [X509CertificateLoader.LoadCertificateFromFile(server.Authority.CertificateFile)],
        });
        builder.Services.AddSingleton<ILoadSource>(new PlayedLoad(server, "/api/v1/namespaces/sandcastle-pools/pods"));
        builder.Services.AddOperator(new OperatorOptions
        {
            Lease = new LeaseOptions { Identity = "retail", Name = "sandcastle-operator" },
            Managers = new ManagerLoadOptions { Scheme = "http" },
            Retail = Rules,
        });
        var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        return host;
    }

    private Task<JsonObject> UsageAsync(string team, int credits) => server.Admin.WaitForAsync(
        QueuePath(team), queue => Usage(queue) == (credits * 100).ToString(CultureInfo.InvariantCulture), Patience);

    private Task<JsonObject> LeasedAsync(string team, int credits) => server.Admin.WaitForAsync(
        TenantPath(team), tenant => (int?)tenant["status"]?["lease"]?["credits"] == credits, Patience);

    private static RetailOptions Compressed(RetailOptions rules) => rules with
    {
        GrowAfter = rules.GrowAfter / Compression,
        ShrinkAfter = rules.ShrinkAfter / Compression,
        ChangeEvery = rules.ChangeEvery / Compression,
        QuotaEvery = rules.QuotaEvery / Compression,
    };

    /// <summary>The buckets, as a table of their own.</summary>
    private static int Size(long millicpu) => new[] { 4, 6, 8, 12, 16, 24, 32 }.First(size => size * 100 >= millicpu * 1.2);

    private static string QueuePath(string team) => $"{Kueue}/namespaces/{team}/localqueues/retail";

    private static string TenantPath(string team) => $"/apis/sandcastle.dev/v1alpha1/namespaces/{team}/tenants/tenant";

    private static string Leases(string team) => $"{Kueue}/namespaces/{team}/workloads?labelSelector=sandcastle.dev/tenant";

    private static string? Usage(JsonObject queue) =>
        (string?)(queue["status"]?["flavorsUsage"] as JsonArray ?? []).SelectMany(flavor => flavor!["resources"]!.AsArray()).FirstOrDefault(resource => (string)resource!["name"]! == Cpu)?["total"];

    private static string? Nominal(JsonObject queue) => (string?)queue["spec"]!["resourceGroups"]![0]!["flavors"]![0]!["resources"]![0]!["nominalQuota"];

    /// <summary>What Kueue's Admission Fair Sharing has counted, of CPU; 0 before its first sample.</summary>
    private static decimal Consumed(JsonObject queue) =>
        (string?)queue["status"]?["fairSharing"]?["admissionFairSharingStatus"]?["consumedResources"]?[Cpu] is { } text ? new Sandcastle.Operator.Resources.Quantity(text).Value() : 0;

    private static decimal Consumed(JsonArray queues, string team) =>
        Consumed(queues.Select(queue => queue!.AsObject()).Single(queue => (string)queue["metadata"]!["namespace"]! == team && queue.Name() == "retail"));

    private static string PathOf(JsonObject item)
    {
        var (group, version) = ((string)item["apiVersion"]!).Split('/') is [var g, var v] ? ($"/apis/{g}", v) : ("/api", (string)item["apiVersion"]!);
        var space = item["metadata"]!["namespace"] is { } ns ? $"/namespaces/{ns}" : "";
        return $"{group}/{version}{space}/{item.Kind().ToLowerInvariant()}s/{item.Name()}";
    }
}
