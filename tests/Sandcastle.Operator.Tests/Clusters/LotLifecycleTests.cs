using System.Text.Json.Nodes;

namespace Sandcastle.Operator.Tests.Clusters;

public sealed class LotLifecycleTests : IAsyncLifetime
{
    private readonly CancellationTokenSource _ended = new();
    private TestCluster _cluster = null!;
    private Invariants _invariants = null!;
    private Task _watching = Task.CompletedTask;

    public async ValueTask InitializeAsync()
    {
        _cluster = await TestCluster.StartAsync(cpus: 16);
        _invariants = new Invariants(_cluster, mostWorkers: 8);
        _watching = _invariants.WatchAsync(_ended.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await _watching;
        await _cluster.DisposeAsync();
        _ended.Dispose();
    }

    [Fact]
    public async Task Pool_gets_its_workers_through_Kueue_and_leaves_nothing_behind()
    {
        await using var running = await _cluster.StartOperatorAsync();
        _cluster.CreatePool();

        await _cluster.WaitForReadyAsync(2);
        var workload = (await _cluster.WaitForWorkloadsAsync(all => all.Any(item => Invariants.Is(item, "PodsReady")))).Single();
        workload["metadata"]!["finalizers"]!.AsArray().Select(name => name!.GetValue<string>()).ShouldBe(["kueue.x-k8s.io/resource-in-use"]);
        workload["spec"]!["priority"]!.GetValue<int>().ShouldBe(100);
        var pod = _cluster.Pods[0];
        pod["spec"]!["nodeSelector"]!["cloud.example/type"]!.GetValue<string>().ShouldBe("on-demand");
        pod["metadata"]!["annotations"]!["kueue.x-k8s.io/workload"]!.GetValue<string>().ShouldBe(workload["metadata"]!["name"]!.GetValue<string>());
        pod["metadata"]!["labels"]!["controller-uid"]!.GetValue<string>().ShouldBe(workload["metadata"]!["labels"]!["kueue.x-k8s.io/job-uid"]!.GetValue<string>());
        pod["metadata"]!["labels"]!.AsObject().ContainsKey("kueue.x-k8s.io/queue-name").ShouldBeFalse();

        await DeletePoolAsync();
        _invariants.ShouldHold();
    }

    [Fact]
    public async Task Evicted_lot_drains_gives_its_quota_back_and_comes_again()
    {
        await using var running = await _cluster.StartOperatorAsync();
        _cluster.CreatePool();
        await _cluster.WaitForReadyAsync(2);
        _cluster.Managers.SetBusy([_cluster.Pods[0]], 1);

        // Managers are asked once in a while: before, both workers would pass for idle.
        await _cluster.WaitForPoolsAsync(all => all.Any(item => item["status"]?["slots"]?["busy"]?.GetValue<int>() == 1));
        _cluster.CreateRival("rival", cpus: 12, priority: 5000);

        // The idle worker is handed back while the busy one still has its grace.
        await _cluster.WaitForWorkloadsAsync(all => all.Any(item => item["status"]?["reclaimablePods"]?[0]?["count"]?.GetValue<int>() == 1));
        await _cluster.WaitForWorkloadsAsync(all => all.Any(item => Is(item, "rival") && Invariants.Is(item, "Admitted")));
        await _cluster.WaitForWorkloadsAsync(all => all.Any(item => !Is(item, "rival") && item["status"]!["admission"] is null && Invariants.Is(item, "Requeued")));
        _cluster.Pods.ShouldBeEmpty();
        await _cluster.WaitForPoolsAsync(all => Ready(all[0])["reason"]!.GetValue<string>() is "Pending" or "Preempted");

        _cluster.Managers.SetIdle();
        _cluster.Server.Objects.Delete("workloads.kueue.x-k8s.io", TestCluster.Namespace, "rival");
        await _cluster.WaitForReadyAsync(2);
        _cluster.Lots.Count.ShouldBe(1);
        _invariants.ShouldHold();
    }

    [Fact]
    public async Task Load_brings_a_second_lot_and_its_end_takes_it_away()
    {
        await using var running = await _cluster.StartOperatorAsync();
        _cluster.CreatePool();
        await _cluster.WaitForReadyAsync(2);

        _cluster.Managers.SetBusy(_cluster.Pods, 90);
        await _cluster.WaitForReadyAsync(4);
        await _cluster.WaitForWorkloadsAsync(all => all.Any(item => item["spec"]!["priority"]!.GetValue<int>() == 1000));
        _cluster.Lots.Count.ShouldBe(2);

        _cluster.Managers.SetIdle();
        await _cluster.WaitForLotsAsync(all => all.Count == 1);
        await _cluster.WaitForWorkloadsAsync(all => all.Count == 1);
        _cluster.Pods.Count.ShouldBe(2);
        _cluster.Lots[0]["metadata"]!["name"]!.GetValue<string>().ShouldBe("py-0001");
        _invariants.ShouldHold();
    }

    [Fact]
    public async Task Scaling_down_never_ends_a_busy_worker()
    {
        await using var running = await _cluster.StartOperatorAsync();
        _cluster.CreatePool(change: spec => spec["workers"] = new JsonObject { ["min"] = 0, ["max"] = 8, ["perLot"] = 2, ["desired"] = 4 });
        await _cluster.WaitForReadyAsync(4);
        var busy = _cluster.Pods[^1]["metadata"]!["name"]!.GetValue<string>();
        _cluster.Managers.SetBusy(busy, 1);

        _cluster.PatchPool(new JsonObject { ["workers"] = new JsonObject { ["desired"] = 1 } });

        // One worker is what a run needs; perLot rounds that up to two.
        await _cluster.WaitForPodsAsync(all => all.Count == 2);
        _cluster.Pods.Select(pod => pod["metadata"]!["name"]!.GetValue<string>()).ShouldContain(busy);
        _invariants.ShouldHold();
    }

    [Fact]
    public async Task Exhausted_quota_is_explained_in_Kueues_words()
    {
        await using var running = await _cluster.StartOperatorAsync();
        _cluster.CreatePool(change: spec => spec["workers"]!["min"] = 6);

        var pool = (await _cluster.WaitForPoolsAsync(all => Ready(all[0])["reason"]?.GetValue<string>() == "Pending"))[0];
        Ready(pool)["message"]!.GetValue<string>().ShouldStartWith("Pending: ");
        Ready(pool)["message"]!.GetValue<string>().ShouldContain("insufficient");
        Ready(pool)["message"]!.GetValue<string>().ShouldContain("cpu");
        await _cluster.WaitForLotsAsync(all => all.Any(lot =>
            lot["status"]?["conditions"]?[0]?["message"]?.GetValue<string>().Contains("insufficient", StringComparison.Ordinal) is true));
        _invariants.ShouldHold();
    }

    [Fact]
    public async Task Deactivated_lot_stops_at_once_and_holds_nothing()
    {
        await using var running = await _cluster.StartOperatorAsync();
        _cluster.CreatePool();
        await _cluster.WaitForReadyAsync(2);
        _cluster.Managers.SetBusy(_cluster.Pods, 5);

        await _cluster.PatchWorkloadAsync(new JsonObject { ["spec"] = new JsonObject { ["active"] = false } });

        await _cluster.WaitForPodsAsync(all => all.Count == 0);
        await _cluster.WaitForWorkloadsAsync(all => all.All(item => item["status"]?["admission"] is null));
        await _cluster.WaitForLotsAsync(all => all.All(lot => lot["status"]!["phase"]!.GetValue<string>() == "Released"));
        _invariants.ShouldHold();
    }

    [Fact]
    public async Task Changed_image_replaces_every_worker_and_never_has_too_few()
    {
        await using var running = await _cluster.StartOperatorAsync();
        _cluster.CreatePool();
        await _cluster.WaitForReadyAsync(2);
        var old = _cluster.Lots[0]["spec"]!["hash"]!.GetValue<string>();

        _cluster.PatchPool(new JsonObject { ["image"] = "registry.example/worker:2" });

        await _cluster.WaitForLotsAsync(all => all.Count == 1 && all[0]["spec"]!["hash"]!.GetValue<string>() != old);
        await _cluster.WaitForPodsAsync(all => all.Count == 2 && all.All(pod => pod["spec"]!["containers"]![0]!["image"]!.GetValue<string>().EndsWith(":2", StringComparison.Ordinal)));
        _invariants.ShouldHold();
    }

    [Fact]
    public async Task Changed_image_without_quota_drains_first()
    {
        await using var running = await _cluster.StartOperatorAsync();
        _cluster.CreatePool(change: spec => spec["workers"]!["min"] = 4);
        await _cluster.WaitForReadyAsync(4);

        _cluster.PatchPool(new JsonObject { ["image"] = "registry.example/worker:2" });

        await _cluster.WaitForPodsAsync(all => all.Count == 4 && all.All(pod => pod["spec"]!["containers"]![0]!["image"]!.GetValue<string>().EndsWith(":2", StringComparison.Ordinal)));
        await _cluster.WaitForLotsAsync(all => all.Count == 2);
        _invariants.ShouldHold();
    }

    [Fact]
    public async Task Drained_node_has_its_workers_made_elsewhere()
    {
        await using var running = await _cluster.StartOperatorAsync();
        _cluster.CreatePool();
        await _cluster.WaitForReadyAsync(2);
        var before = _cluster.Pods.Select(pod => pod["metadata"]!["uid"]!.GetValue<string>()).ToHashSet();

        _cluster.Server.Objects.Patch("nodes", "", "n1", new JsonObject { ["spec"] = new JsonObject { ["unschedulable"] = true } });

        await _cluster.WaitForPodsAsync(all => !all.Any(pod => before.Contains(pod["metadata"]!["uid"]!.GetValue<string>())));
        _cluster.Server.Objects.Patch("nodes", "", "n1", new JsonObject { ["spec"] = new JsonObject { ["unschedulable"] = false } });
        await _cluster.WaitForReadyAsync(2);
        _cluster.Lots.Count.ShouldBe(1);
        _invariants.ShouldHold();
    }

    [Fact]
    public async Task Pool_without_workers_gets_one_when_something_waits_and_loses_it_again()
    {
        await using var running = await _cluster.StartOperatorAsync();
        await running.LookAfterAsync(() => _cluster.CreatePool(change: spec => spec["workers"] = new JsonObject { ["min"] = 0, ["max"] = 2, ["perLot"] = 1 }));
        _cluster.Lots.ShouldBeEmpty();

        _cluster.Managers.Unplaced = 1;
        await _cluster.WaitForReadyAsync(1);
        _cluster.Lots.Count.ShouldBe(1);

        _cluster.Managers.Unplaced = 0;
        await _cluster.WaitForLotsAsync(all => all.Count == 0);
        await _cluster.WaitForWorkloadsAsync(all => all.Count == 0);
        _invariants.ShouldHold();
    }

    [Fact]
    public async Task Pool_of_another_manager_is_left_alone()
    {
        await using var running = await _cluster.StartOperatorAsync();
        _cluster.CreatePool("theirs", spec => spec["managedBy"] = "kueue.x-k8s.io/multikueue");
        _cluster.CreatePool("ours");

        await _cluster.WaitForReadyAsync(2, "ours");
        _cluster.Lots.ShouldAllBe(lot => lot["spec"]!["pool"]!.GetValue<string>() == "ours");
        _cluster.Server.Objects.Get("sandboxpools.sandcastle.dev", TestCluster.Namespace, "theirs")["status"].ShouldBeNull();
    }

    internal static JsonObject Ready(JsonObject pool) =>
        pool["status"]?["conditions"]?.AsArray().Single(condition => condition!["type"]!.GetValue<string>() == "Ready")!.AsObject() ?? [];

    private static bool Is(JsonObject item, string name) => item["metadata"]!["name"]!.GetValue<string>() == name;

    private async Task DeletePoolAsync()
    {
        _cluster.Server.Objects.Delete("sandboxpools.sandcastle.dev", TestCluster.Namespace, "py");
        await _cluster.WaitForPodsAsync(all => all.Count == 0);
        await _cluster.WaitForWorkloadsAsync(all => all.Count == 0);
        await _cluster.WaitForLotsAsync(all => all.Count == 0);
        await _cluster.WaitAsync("configmaps", all => all.Count == 0);
    }
}
