using System.Text.Json.Nodes;
using Sandcastle.Operator.Retail;

namespace Sandcastle.Operator.Tests.Clusters;

/// <summary>Tenants' leases through Kueue, with the rules' times made short.</summary>
public sealed class LeaseTests : IAsyncLifetime
{
    private TestCluster _cluster = null!;

    public async ValueTask InitializeAsync()
    {
        _cluster = await TestCluster.StartAsync();
        RetailCluster.Prepare(_cluster, credits: 32);
    }

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task Lease_follows_use_within_a_bucket_and_leaves_nothing_behind()
    {
        await using var running = await StartAsync();
        RetailCluster.CreateTenant(_cluster, "team-a");
        await LeasedAsync("team-a", 4);

        foreach (var cpu in new[] { 650L, 1250, 300 })
        {
            _cluster.Use.Set("team-a", cpuMillis: cpu);
            var credits = Math.Max(4, Buckets.Of(Credit.For(cpu * 1.2, 0)));
            await LeasedAsync("team-a", credits);
            await UsageAsync("team-a", credits);
        }

        // Chains are cleaned up: one Workload is left of three.
        await _cluster.Server.Objects.WaitAsync(RetailCluster.Workloads, "team-a", all => all.Count == 1, Limit);
        _cluster.Server.Objects.Delete("tenants.sandcastle.dev", "team-a", "tenant");
        await _cluster.Server.Objects.WaitAsync(RetailCluster.Workloads, "team-a", all => all.Count == 0, Limit);
        await UsageAsync("team-a", 0);
    }

    [Fact]
    public async Task Lease_grows_and_shrinks_additively_where_slices_are_not_wanted()
    {
        await using var running = await StartAsync(LeaseGrowth.Additive);
        RetailCluster.CreateTenant(_cluster, "team-a");
        await LeasedAsync("team-a", 4);

        _cluster.Use.Set("team-a", memoryMib: 16 * 256);
        await LeasedAsync("team-a", 16);
        await UsageAsync("team-a", 16);
        var workloads = await _cluster.Server.Objects.WaitAsync(RetailCluster.Workloads, "team-a", all => all.Count == 2, Limit);
        workloads.ShouldAllBe(item => item["metadata"]!["annotations"]!["kueue.x-k8s.io/elastic-job"] == null);

        _cluster.Use.Set("team-a", memoryMib: 8 * 256);
        await LeasedAsync("team-a", 8);
        await UsageAsync("team-a", 8);
        _cluster.Server.Objects.List(RetailCluster.Workloads, "team-a").Sum(item => item["status"]!["reclaimablePods"]?[0]?["count"]?.GetValue<int>() ?? 0).ShouldBe(4);
    }

    [Fact]
    public async Task Preempted_lease_lets_go_at_once_and_comes_again()
    {
        await using var running = await StartAsync();
        RetailCluster.CreateTenant(_cluster, "team-a");
        await LeasedAsync("team-a", 4);

        RetailCluster.CreateRival(_cluster, credits: 30, priority: 1000);
        await LeasedAsync("team-a", 0);
        var tenant = _cluster.Server.Objects.Get("tenants.sandcastle.dev", "team-a", "tenant");
        tenant["status"]!["lease"]!["waiting"]!.GetValue<string>().ShouldStartWith("Preempted to accommodate a workload");

        // Half of it fits beside the other, and is had soon.
        await LeasedAsync("team-a", 2);
        _cluster.Server.Objects.Delete(RetailCluster.Workloads, "team-b", "rival");
        await LeasedAsync("team-a", 4);
        _cluster.Server.Objects.List(RetailCluster.Workloads, "team-a").Count.ShouldBeInRange(1, 2);
    }

    [Fact]
    public async Task Spent_budget_stops_a_lease_and_its_refill_resumes_it()
    {
        RetailCluster.RequireLedger(_cluster);
        await using var running = await StartAsync();
        RetailCluster.CreateTenant(_cluster, "team-a");
        await LeasedAsync("team-a", 4);
        var check = _cluster.Server.Objects.Get("admissionchecks.kueue.x-k8s.io", "", "sandcastle-ledger");
        Invariants.Is(check, "Active").ShouldBeTrue();

        var (refill, seconds) = await SpendAsync("team-a");
        var waiting = (await _cluster.Server.Objects.WaitAsync(
            RetailCluster.Workloads, "team-a", all => all.Count == 1 && all[0]["status"]!["admission"] is null && all[0]["status"]!["requeueState"]?["requeueAt"] is not null, Limit))[0];
        waiting["status"]!["requeueState"]!["requeueAt"]!.GetValue<DateTimeOffset>().ShouldBeGreaterThan(refill);
        waiting["status"]!["admissionChecks"]![0]!["state"]!.GetValue<string>().ShouldBe("Retry");
        waiting["status"]!["admissionChecks"]![0]!["requeueAfterSeconds"]!.GetValue<int>().ShouldBeInRange(1, seconds + 1);

        _cluster.Use.Set("team-a");
        await LeasedAsync("team-a", 4);
        await UsageAsync("team-a", 4);
        TimeProvider.System.GetUtcNow().ShouldBeGreaterThan(refill);
    }

    [Fact]
    public async Task Budget_of_nothing_has_no_lease_and_says_so()
    {
        RetailCluster.RequireLedger(_cluster);
        await using var running = await StartAsync();
        RetailCluster.CreateTenant(_cluster, "team-a");
        await LeasedAsync("team-a", 4);

        RetailCluster.PatchTenant(_cluster, "team-a", new JsonObject { ["budget"] = new JsonObject { ["hour"] = new JsonObject { ["cpuSeconds"] = 0 } } });
        await LeasedAsync("team-a", 0);
        await _cluster.Server.Objects.WaitAsync(RetailCluster.Workloads, "team-a", all => all[0]["spec"]!["active"]?.GetValue<bool>() is false && all[0]["status"]!["admission"] is null, Limit);

        RetailCluster.PatchTenant(_cluster, "team-a", new JsonObject { ["budget"] = new JsonObject { ["hour"] = null } });
        await LeasedAsync("team-a", 4);
    }

    [Fact]
    public async Task Quota_follows_the_admitted_lots_and_leaves_the_rest_alone()
    {
        await using var running = await RetailCluster.StartOperatorAsync(_cluster, queue: "sandcastle-retail");
        _cluster.CreatePool();
        await _cluster.WaitForReadyAsync(2);

        // Two workers of 4 CPUs and 1 GiB.
        var queue = (await _cluster.Server.Objects.WaitAsync("clusterqueues.kueue.x-k8s.io", "", all => all.Any(item => Nominal(item, 0) == "8000" && Nominal(item, 1) == "2048"), Limit))
            .Single(item => item["metadata"]!["name"]!.GetValue<string>() == "sandcastle-retail");
        queue["spec"]!["resourceGroups"]![0]!["flavors"]![0]!["resources"]![0]!["borrowingLimit"]!.GetValue<string>().ShouldBe("100");
        queue["spec"]!["namespaceSelector"].ShouldNotBeNull();

        static string? Nominal(JsonObject queue, int resource) =>
            queue["metadata"]!["name"]!.GetValue<string>() == "sandcastle-retail" ? queue["spec"]!["resourceGroups"]![0]!["flavors"]![0]!["resources"]![resource]!["nominalQuota"]!.GetValue<string>() : null;
    }

    [Fact]
    public async Task Writes_stay_under_the_stated_rates_while_use_wavers()
    {
        await using var running = await StartAsync();
        RetailCluster.CreateTenant(_cluster, "team-a");
        RetailCluster.CreateTenant(_cluster, "team-b");
        await LeasedAsync("team-a", 4);
        await LeasedAsync("team-b", 4);
        _cluster.Use.Set("team-a", cpuMillis: 650);
        await LeasedAsync("team-a", 8);
        await _cluster.Server.Objects.WaitAsync(RetailCluster.Workloads, "team-a", all => all.Count == 1, Limit);
        _cluster.Server.Requests.Clear();

        // Within a bucket nothing is written, whatever the figures do.
        for (var i = 0; i < 40; i++)
        {
            _cluster.Use.Set("team-a", cpuMillis: 510 + (i % 10 * 15));
            _cluster.Use.Set("team-b", cpuMillis: i % 5 * 60);
            await _cluster.Use.Asked.WaitAsync(Limit);
        }

        // Behind the growth that this brings about, everything before it has been looked at.
        var wavering = _cluster.Writes.Count;
        _cluster.Use.Set("team-b", cpuMillis: 1250);
        await LeasedAsync("team-b", 16);
        await _cluster.Server.Objects.WaitAsync(RetailCluster.Workloads, "team-b", all => all.Count == 1, Limit);
        var all = _cluster.Writes.Select(record => $"{record.Request.Verb} {record.Request.ResourceWithSubresource}").ToList();
        TestContext.Current.TestOutputHelper!.WriteLine($"{wavering} writes while use wavered; then {string.Join(", ", all.Skip(wavering))}");
        wavering.ShouldBe(0);
        all.Count.ShouldBeLessThanOrEqualTo(8);
    }

    /// <summary>Spends a budget, whose quota is back at once, and not only at the refill. On a machine that is too busy to tell, the refill is later.</summary>
    private async Task<(DateTimeOffset Refill, int Seconds)> SpendAsync(string tenant)
    {
        for (var seconds = 3; ; seconds *= 3)
        {
            var refill = TimeProvider.System.GetUtcNow().AddSeconds(seconds);
            _cluster.Use.Set(tenant, spentUntil: refill);
            await LeasedAsync(tenant, 0);
            await UsageAsync(tenant, 0);
            if (TimeProvider.System.GetUtcNow() < refill)
            {
                return (refill, seconds);
            }

            seconds.ShouldBeLessThan(30, "the quota is back at once, and not only at the refill");
            _cluster.Use.Set(tenant);
            await LeasedAsync(tenant, 4);
        }
    }

    private static CancellationToken Limit => RetailCluster.Limit;

    private Task<RunningOperator> StartAsync(LeaseGrowth growth = LeaseGrowth.Slices) => RetailCluster.StartOperatorAsync(_cluster, growth);

    private Task LeasedAsync(string tenant, int credits) => RetailCluster.LeasedAsync(_cluster, tenant, credits);

    private Task UsageAsync(string tenant, int credits) => RetailCluster.UsageAsync(_cluster, tenant, credits);
}
