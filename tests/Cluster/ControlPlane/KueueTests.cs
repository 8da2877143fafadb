using System.Text.Json.Nodes;
using Sandcastle.Cluster.Manifests;

namespace Sandcastle.Cluster.ControlPlane;

/// <summary>A real Kueue and the samples: what the protocol between it and the operator stands on.</summary>
[Collection(ControlPlaneCollection.Name)]
public sealed class KueueTests(ApiServer server)
{
    private const string Workloads = "/apis/kueue.x-k8s.io/v1beta2/namespaces/sandcastle-pools/workloads";
    private const string Queue = "/apis/kueue.x-k8s.io/v1beta2/clusterqueues/sandcastle";

    [Fact]
    public async Task Lot_is_admitted_takes_quota_and_gives_it_back()
    {
        await ReadyAsync();

        (await server.Admin.CreateAsync(Workloads, Lot("lot-a", count: 2, cpu: "4"))).Expect();

        var admitted = await server.Admin.WaitForAsync($"{Workloads}/lot-a", lot => CustomResources.HasCondition(lot, "Admitted"));
        var assignment = admitted["status"]!["admission"]!["podSetAssignments"]![0]!;
        ((string)assignment["flavors"]!["cpu"]!, (int)assignment["count"]!).ShouldBe(("default", 2));
        await UsageAsync("8");

        await ReleaseAsync("lot-a");
        await UsageAsync("0");
    }

    [Fact]
    public async Task Lot_beyond_the_quota_waits_and_says_which_resource_it_lacks()
    {
        await ReadyAsync();

        (await server.Admin.CreateAsync(Workloads, Lot("lot-large", count: 9, cpu: "4"))).Expect();

        var waiting = await server.Admin.WaitForAsync(
            $"{Workloads}/lot-large", lot => CustomResources.Condition(lot, "QuotaReserved") is { } condition && (string)condition["status"]! == "False");
        ((string)CustomResources.Condition(waiting, "QuotaReserved")!["message"]!).ShouldContain("cpu in flavor default");
        await ReleaseAsync("lot-large");
    }

    /// <summary>A busy lot takes a warm one's place: evicted, it holds its quota until its owner lets go, in one patch.</summary>
    [Fact]
    public async Task Warm_lot_gives_way_to_a_busy_one()
    {
        await ReadyAsync();
        (await server.Admin.CreateAsync(Workloads, Lot("lot-warm", count: 8, cpu: "4"))).Expect();
        await server.Admin.WaitForAsync($"{Workloads}/lot-warm", lot => CustomResources.HasCondition(lot, "Admitted"));

        (await server.Admin.CreateAsync(Workloads, Lot("lot-busy", count: 1, cpu: "4", priorityClass: "sandcastle-busy", priority: 1000))).Expect();

        var evicted = await server.Admin.WaitForAsync($"{Workloads}/lot-warm", lot => CustomResources.HasCondition(lot, "Evicted"));
        ((string)CustomResources.Condition(evicted, "Evicted")!["reason"]!).ShouldBe("Preempted");
        evicted["status"]!["admission"].ShouldNotBeNull();
        CustomResources.HasCondition((await server.Admin.GetAsync($"{Workloads}/lot-busy")).Expect(), "Admitted").ShouldBeFalse();

        await LetGoAsync(evicted);

        await server.Admin.WaitForAsync($"{Workloads}/lot-busy", lot => CustomResources.HasCondition(lot, "Admitted"));
        await UsageAsync("4");
        await ReleaseAsync("lot-warm");
        await ReleaseAsync("lot-busy");
        await UsageAsync("0");
    }

    [Fact]
    public async Task Reclaimed_workers_return_their_quota_while_the_lot_is_admitted()
    {
        await ReadyAsync();
        (await server.Admin.CreateAsync(Workloads, Lot("lot-shrinks", count: 3, cpu: "4"))).Expect();
        await server.Admin.WaitForAsync($"{Workloads}/lot-shrinks", lot => CustomResources.HasCondition(lot, "Admitted"));
        await UsageAsync("12");

        (await server.Admin.MergeAsync($"{Workloads}/lot-shrinks/status", Status(new JsonObject { ["reclaimablePods"] = Reclaimed(2) }))).Expect();

        await UsageAsync("4");
        var fewer = await server.Admin.MergeAsync($"{Workloads}/lot-shrinks/status", Status(new JsonObject { ["reclaimablePods"] = Reclaimed(1) }));
        fewer.Succeeded.ShouldBeFalse();
        await ReleaseAsync("lot-shrinks");
    }

    /// <summary>The manifests, Kueue, and what its administrator gives us.</summary>
    private async Task ReadyAsync()
    {
        Kueue.Require();
        Assets.Require("kubectl");
        await server.KueueAsync();
        await Kubectl.ExpectAsync(server.Kubeconfig, "apply", "-k", Path.Combine(Repository.Deploy, "base"), "--wait=false");
        await Kubectl.ExpectAsync(server.Kubeconfig, "apply", "-f", Path.Combine(Repository.Deploy, "samples", "kueue.yaml"));
        await server.Admin.WaitForAsync(Queue, queue => CustomResources.HasCondition(queue, "Active"));
    }

    private Task<JsonObject> UsageAsync(string cpu) => server.Admin.WaitForAsync(Queue, queue =>
        (string?)queue["status"]?["flavorsReservation"]?[0]?["resources"]?.AsArray().Single(resource => (string)resource!["name"]! == "cpu")!["total"] == cpu);

    /// <summary>What an owner does after an eviction.</summary>
    private async Task LetGoAsync(JsonObject lot)
    {
        var conditions = lot["status"]!["conditions"]!.DeepClone().AsArray();
        Set(conditions, "QuotaReserved", "False", "Pending");
        Set(conditions, "Admitted", "False", "NoReservation");
        Set(conditions, "Requeued", "True", "Preempted");
        var patch = new JsonObject
        {
            ["metadata"] = new JsonObject { ["resourceVersion"] = (string)lot["metadata"]!["resourceVersion"]! },
            ["status"] = new JsonObject { ["admission"] = null, ["conditions"] = conditions },
        };
        (await server.Admin.MergeAsync($"{Workloads}/{lot.Name()}/status", patch)).Expect();
    }

    private async Task ReleaseAsync(string name)
    {
        (await server.Admin.DeleteAsync($"{Workloads}/{name}")).Expect();
        await server.Admin.MergeAsync($"{Workloads}/{name}", new JsonObject { ["metadata"] = new JsonObject { ["finalizers"] = null } });
        await server.Admin.WaitForGoneAsync($"{Workloads}/{name}");
    }

    private static void Set(JsonArray conditions, string type, string status, string reason)
    {
        var condition = conditions.Select(item => item!.AsObject()).FirstOrDefault(item => (string)item["type"]! == type);
        if (condition is null)
        {
            conditions.Add(condition = new JsonObject { ["type"] = type, ["message"] = "" });
        }

        condition["status"] = status;
        condition["reason"] = reason;
        condition["lastTransitionTime"] = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture);
    }

    private static JsonObject Status(JsonObject status) => new() { ["status"] = status };

    private static JsonArray Reclaimed(int count) => new(new JsonObject { ["name"] = "workers", ["count"] = count });

    private static JsonObject Lot(string name, int count, string cpu, string priorityClass = "sandcastle-warm", int priority = 100) => new()
    {
        ["apiVersion"] = "kueue.x-k8s.io/v1beta2",
        ["kind"] = "Workload",
        ["metadata"] = new JsonObject
        {
            ["name"] = name,
            ["finalizers"] = new JsonArray("kueue.x-k8s.io/resource-in-use"),
        },
        ["spec"] = new JsonObject
        {
            ["queueName"] = "wholesale",
            ["priority"] = priority,
            ["priorityClassRef"] = new JsonObject { ["group"] = "kueue.x-k8s.io", ["kind"] = "WorkloadPriorityClass", ["name"] = priorityClass },
            ["podSets"] = new JsonArray(new JsonObject
            {
                ["name"] = "workers",
                ["count"] = count,
                ["template"] = new JsonObject { ["spec"] = WorkerSpec(cpu) },
            }),
        },
    };

    private static JsonObject WorkerSpec(string cpu)
    {
        var spec = YamlObjects.Read(Path.Combine(Repository.Deploy, "samples", "node-check.yaml")).Single().PodSpec()!.DeepClone().AsObject();
        var resources = new JsonObject { ["cpu"] = cpu, ["memory"] = "1Gi" };
        spec["containers"]![0]!["resources"] = new JsonObject { ["requests"] = resources, ["limits"] = resources.DeepClone() };
        return spec;
    }
}
