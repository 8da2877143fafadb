using System.Diagnostics;
using System.Text.Json.Nodes;
using Sandcastle.Cli.Tests.Programs;
using Sandcastle.Kubectl.Tests.Clusters;
using YamlDotNet.RepresentationModel;

namespace Sandcastle.Kubectl.Tests.Commands;

/// <summary><c>pool</c> and <c>lots</c>, against objects of an API server.</summary>
public sealed class ClusterVerbTests : IAsyncLifetime
{
    private const string PoolResource = "sandboxpools.sandcastle.dev";
    private const string LotResource = "workerlots.sandcastle.dev";

    private TestCluster _cluster = null!;

    public async ValueTask InitializeAsync()
    {
        _cluster = await TestCluster.StartAsync(isUser: false);
        _cluster.Bind("sandcastle-viewer", null);
        _cluster.Bind("sandcastle-scaler", "ml");
        var pool = TestCluster.Named("ml", "py");
        pool["spec"] = JsonNode.Parse("""{"templates":["python","python-data"],"queueName":"wholesale","workers":{"min":1,"max":9},"resources":{"cpu":"4","memory":"16Gi"}}""");
        pool["status"] = JsonNode.Parse("""
            {"lots":2,"workers":5,"readyWorkers":4,"slots":{"ready":40,"busy":7,"total":1250},"reserved":{"cpu":"20"},
             "conditions":[{"type":"Ready","status":"False","reason":"QuotaExceeded","message":"insufficient quota for cpu in flavor default","lastTransitionTime":"2026-05-01T00:00:00Z"}]}
            """);
        _cluster.Api.Objects.Create(PoolResource, pool);
        Lot("py-1", "py", "Running", 4);
        Lot("py-2", "py", "Pending", 0);
        Lot("other-1", "other", "Running", 1);
        var workload = TestCluster.Named("ml", "workerlot-py-2");
        workload["spec"] = JsonNode.Parse("""
            {"queueName":"wholesale","priority":100,"priorityClassRef":{"group":"kueue.x-k8s.io","kind":"WorkloadPriorityClass","name":"sandcastle-warm"},
             "podSets":[{"name":"workers","count":4,"template":{"spec":{"containers":[{"name":"worker","image":"worker"}]}}}]}
            """);
        workload["status"] = JsonNode.Parse("""{"conditions":[{"type":"QuotaReserved","status":"False","reason":"Pending","message":"couldn't assign flavors","lastTransitionTime":"2026-05-01T00:00:00Z"}]}""");
        _cluster.Api.Objects.Create("workloads.kueue.x-k8s.io", workload);
    }

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task Pool_list_is_a_table_of_aligned_columns()
    {
        var result = await _cluster.RunAsync("pool", "list");

        result.ExitCode.ShouldBe(0, result.Stderr);
        var lines = result.Stdout.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.Length.ShouldBe(2);
        Words(lines[0]).ShouldBe(["NAME", "TEMPLATES", "QUEUE", "WORKERS", "LOTS", "READY", "BUSY", "STATUS", "AGE"]);
        Words(lines[1])[..8].ShouldBe(["py", "python,python-data", "wholesale", "4/5", "2", "40", "7", "QuotaExceeded"]);
        lines[0].IndexOf("STATUS", StringComparison.Ordinal).ShouldBe(lines[1].IndexOf("QuotaExceeded", StringComparison.Ordinal));
        Words(lines[1])[8].ShouldMatch("^[0-9]+s$");
    }

    [Fact]
    public async Task Tenants_are_a_table_of_what_is_leased_and_used()
    {
        var tenant = TestCluster.Named("ml", "tenant");
        tenant["spec"] = JsonNode.Parse("""{"queueName":"retail","weight":3,"floor":{"credits":4}}""");
        tenant["status"] = JsonNode.Parse("""
            {"wanted":12,"lease":{"credits":8,"cpuMillis":800,"memoryMib":2048,"workloads":2,"waiting":"insufficient quota"},
             "used":{"cpuMillis":650,"cpuMillisP95":700,"committedMemoryMib":1024,"running":4,"waiting":1,"time":"2026-05-01T00:00:00Z"},
             "conditions":[{"type":"Leased","status":"True","reason":"Pending","message":"insufficient quota","lastTransitionTime":"2026-05-01T00:00:00Z"}]}
            """);
        _cluster.Api.Objects.Create("tenants.sandcastle.dev", tenant);

        var lines = (await _cluster.RunAsync("tenants")).Stdout.Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Words(lines[0]).ShouldBe(["NAME", "QUEUE", "CREDITS", "CPU", "MEMORY", "RUNNING", "WAITING", "STATUS", "AGE"]);
        Words(lines[1])[..8].ShouldBe(["tenant", "retail", "8/12", "650m/800m", "1024Mi/2048Mi", "4", "1", "Pending"]);
        (await _cluster.RunAsync("tenants", "-A", "-o", "wide")).Stdout.ShouldContain("insufficient quota");
    }

    [Fact]
    public async Task Lots_are_of_the_namespace_or_of_one_pool_or_of_all_namespaces()
    {
        Lot("far-1", "far", "Running", 1, "pools");

        Names(await _cluster.RunAsync("lots"), 0).ShouldBe(["NAME", "other-1", "py-1", "py-2"]);
        Names(await _cluster.RunAsync("lots", "--pool", "py"), 0).ShouldBe(["NAME", "py-1", "py-2"]);
        Names(await _cluster.RunAsync("lots", "-A"), 1).ShouldBe(["NAME", "other-1", "py-1", "py-2", "far-1"]);
        (await _cluster.RunAsync("lots", "-n", "sandcastle-system")).Stderr.ShouldBe("sandcastle: nothing found\n");
    }

    [Fact]
    public async Task Wide_has_more_columns()
    {
        (await _cluster.RunAsync("pool", "list", "-o", "wide")).Stdout.ShouldContain("cpu=20");
        (await _cluster.RunAsync("lots", "-o", "wide")).Stdout.ShouldContain("workerlot-py-2");
    }

    [Fact]
    public async Task Json_and_yaml_are_what_the_API_server_has()
    {
        var json = JsonNode.Parse((await _cluster.RunAsync("lots", "--pool", "py", "-o", "json")).Stdout)!;
        var yaml = new YamlStream();
        yaml.Load(new StringReader((await _cluster.RunAsync("lots", "--pool", "py", "-o", "yaml")).Stdout));

        json["kind"]!.GetValue<string>().ShouldBe("WorkerLotList");
        json["items"]!.AsArray().Select(lot => lot!["metadata"]!["name"]!.GetValue<string>()).ShouldBe(["py-1", "py-2"]);
        var items = (YamlSequenceNode)yaml.Documents[0].RootNode["items"];
        items.Children.Select(lot => lot["metadata"]["name"].ToString()).ShouldBe(["py-1", "py-2"]);
    }

    [Fact]
    public async Task Describe_says_why_a_lot_waits()
    {
        var result = await _cluster.RunAsync("pool", "describe", "py");

        result.ExitCode.ShouldBe(0, result.Stderr);
        result.Stdout.ShouldContain("4 ready of 5 in 2 lots; min 1, max 9, desired -");
        result.Stdout.ShouldContain("insufficient quota for cpu in flavor default");
        result.Stdout.ShouldMatch(@"py-2 .* workerlot-py-2 +Pending +sandcastle-warm +couldn't assign flavors");
        result.Stdout.ShouldNotContain("other-1");
        (await _cluster.RunAsync("pool", "describe", "nil")).Stderr.ShouldBe("sandcastle: not found: there is no sandboxpools 'nil' in namespace 'ml'\n");
    }

    [Fact]
    public async Task Scale_sets_the_floor_by_the_scale_subresource()
    {
        var result = await _cluster.RunAsync("pool", "scale", "py", "--workers", "6");

        result.Stdout.ShouldBe("sandboxpool.sandcastle.dev/py scaled to at least 6\n");
        _cluster.Api.Objects.Get(PoolResource, "ml", "py")["spec"]!["workers"]!["desired"]!.GetValue<int>().ShouldBe(6);
        (await _cluster.RunAsync("pool", "scale", "py", "--workers", "-1")).Stderr.ShouldBe("sandcastle: --workers: -1 is less than 0\n");
    }

    [Fact]
    public async Task Watch_prints_every_change_also_after_the_API_server_has_forgotten_where_it_was()
    {
        var call = _cluster.Call("lots", "--pool", "py", "--watch");
        using var process = CliProgram.Start(call);
        (await LineAsync(process)).ShouldStartWith("NAME");
        (await LineAsync(process)).ShouldStartWith("py-1");
        (await LineAsync(process)).ShouldStartWith("py-2");

        Phase("py-2", "Running");
        (await LineAsync(process)).ShouldMatch("^py-2 +py +Running");
        Phase("other-1", "Draining");
        _cluster.Api.ExpireHistory();
        Phase("py-1", "Draining");
        (await LineAsync(process)).ShouldMatch("^py-1 +py +Draining");
        await _cluster.Api.RestartAsync(TestContext.Current.CancellationToken);
        _cluster.Api.Objects.Delete(LotResource, "ml", "py-1");
        (await LineAsync(process)).ShouldMatch("^py-1 +py +Draining");

        process.Kill();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    // The text of an object is whatever somebody could write into it.
    [Fact]
    public async Task Escape_sequences_of_an_object_do_not_reach_the_terminal()
    {
        _cluster.Api.Objects.Patch(PoolResource, "ml", "py", JsonNode.Parse("""{"spec":{"queueName":"\u001b]0;owned\u0007"}}""")!.AsObject());

        foreach (var command in (string[])["pool list", "pool describe py"])
        {
            var result = await _cluster.RunAsync(command.Split(' '));
            result.Stdout.ShouldContain("]0;owned");
            result.Stdout.ShouldNotContain("\u001b");
        }
    }

    private void Lot(string name, string pool, string phase, int workers, string inNamespace = "ml")
    {
        var lot = TestCluster.Named(inNamespace, name);
        lot["spec"] = new JsonObject { ["pool"] = pool, ["count"] = 4L };
        lot["status"] = new JsonObject { ["phase"] = phase, ["workers"] = (long)workers, ["reclaimed"] = 0L, ["workload"] = $"workerlot-{name}" };
        _cluster.Api.Objects.Create(LotResource, lot);
    }

    private void Phase(string lot, string phase) =>
        _cluster.Api.Objects.Patch(LotResource, "ml", lot, new JsonObject { ["status"] = new JsonObject { ["phase"] = phase } }, "status");

    private static async Task<string> LineAsync(Process process) =>
        await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(30)) ?? "the end";

    private static string[] Words(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static List<string> Names(CliResult result, int column)
    {
        result.ExitCode.ShouldBe(0, result.Stderr);
        return [.. result.Stdout.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => Words(line)[column])];
    }
}
