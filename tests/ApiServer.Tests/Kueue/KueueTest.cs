using System.Text.Json;
using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Sandcastle.Testing.ApiServer.Hosting;
using Sandcastle.Testing.ApiServer.Objects;

namespace Sandcastle.Testing.ApiServer.Tests.Kueue;

/// <summary>With a ClusterQueue of 8 cpus and 32Gi in one flavor, and a LocalQueue to it in the default namespace.</summary>
public abstract class KueueTest : ServerTest
{
    protected const string Workloads = "workloads.kueue.x-k8s.io";

    internal ManualTime Time { get; } = new();

    protected override ApiServerOptions Options => new() { Time = Time };

    protected virtual string Preemption => "LowerPriority";

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Flavor("default");
        Server.Objects.Create("clusterqueues.kueue.x-k8s.io", ClusterQueue());
        Server.Objects.Create("localqueues.kueue.x-k8s.io", Object("wholesale", """{"clusterQueue":"main"}""", "default"));
        Server.Kueue.Settle();
    }

    protected virtual JsonObject ClusterQueue() => Object("main",
        $$$"""
        {
          "namespaceSelector": {}, "queueingStrategy": "BestEffortFIFO", "preemption": {"withinClusterQueue": "{{{Preemption}}}"},
          "resourceGroups": [{"coveredResources": ["cpu", "memory"], "flavors": [
            {"name": "default", "resources": [{"name": "cpu", "nominalQuota": "8"}, {"name": "memory", "nominalQuota": "32Gi"}]}]}]
        }
        """);

    protected void Flavor(string name, string spec = "{}") => Server.Objects.Create("resourceflavors.kueue.x-k8s.io", Object(name, spec));

    protected static JsonObject Object(string name, string spec, string? @namespace = null)
    {
        var metadata = new JsonObject { ["name"] = name };
        if (@namespace is not null)
        {
            metadata["namespace"] = @namespace;
        }

        return new JsonObject { ["metadata"] = metadata, ["spec"] = JsonNode.Parse(spec) };
    }

    /// <summary>A Workload of so many workers with 1 cpu and 2Gi each.</summary>
    protected static JsonObject Workload(string name, int count = 4, int priority = 0) => new()
    {
        ["apiVersion"] = "kueue.x-k8s.io/v1beta2",
        ["kind"] = "Workload",
        ["metadata"] = new JsonObject { ["name"] = name },
        ["spec"] = JsonNode.Parse(
            $$$$"""
            {
              "queueName": "wholesale", "priority": {{{{priority}}}},
              "podSets": [{"name": "workers", "count": {{{{count}}}}, "template": {"spec": {"containers": [
                {"name": "worker", "image": "example/worker:1", "resources": {"requests": {"cpu": "1", "memory": "2Gi"}}}]}}}]
            }
            """),
    };

    protected async Task<JsonObject> CreateAsync(JsonObject workload) => JsonObject.Create(await Client.CustomObjects.CreateNamespacedCustomObjectAsync<JsonElement>(
        workload, "kueue.x-k8s.io", "v1beta2", "default", "workloads", cancellationToken: Cancellation))!;

    /// <summary>Creates it and lets Kueue admit it.</summary>
    protected async Task<JsonObject> AdmitAsync(JsonObject workload)
    {
        var name = (await CreateAsync(workload)).Key().Name;
        Server.Kueue.Settle();
        Condition(name, "Admitted").ShouldBe("True Admitted");
        return Get(name);
    }

    protected async Task PatchAsync(string name, string patch) => await Client.CustomObjects.PatchNamespacedCustomObjectAsync<JsonElement>(
        Merge(patch), "kueue.x-k8s.io", "v1beta2", "default", "workloads", name, cancellationToken: Cancellation);

    protected async Task PatchStatusAsync(string name, string patch) => await Client.CustomObjects.PatchNamespacedCustomObjectStatusAsync<JsonElement>(
        Merge(patch), "kueue.x-k8s.io", "v1beta2", "default", "workloads", name, cancellationToken: Cancellation);

    protected JsonObject Get(string name) => Server.Objects.Get(Workloads, "default", name);

    protected static JsonObject? Find(JsonObject value, string type) =>
        value.Items("status.conditions").FirstOrDefault(one => one.Text("type") == type);

    /// <summary>Status and reason of a condition; empty when it is not there.</summary>
    protected string Condition(string name, string type) => Find(Get(name), type) is { } found ? $"{found.Text("status")} {found.Text("reason")}" : "";

    protected string Message(string name, string type) => Find(Get(name), type).Text("message");

    /// <summary>What the queue's status says is reserved, as <c>cpu 4, memory 8Gi</c>.</summary>
    protected string Reserved(string field = "flavorsReservation") => string.Join(", ", Server.Objects.Get("clusterqueues.kueue.x-k8s.io", "", "main")
        .Items($"status.{field}").SelectMany(flavor => flavor.Items("resources")).Select(one => $"{one.Text("name")} {one.Text("total")}"));

    /// <summary>What an owner writes after an eviction: one patch that lets go of everything.</summary>
    protected Task ReleaseAsync(string name, bool requeued = true)
    {
        var conditions = new JsonArray([.. Get(name).Items("status.conditions").Where(one => one.Text("type") is not ("QuotaReserved" or "Admitted" or "Requeued")).Select(one => one.DeepClone())]);
        conditions.Add(Written("QuotaReserved", "False", "Pending"));
        conditions.Add(Written("Admitted", "False", "NoReservation"));
        conditions.Add(Written("Requeued", requeued ? "True" : "False", Find(Get(name), "Evicted").Text("reason")));
        var patch = new JsonObject { ["status"] = new JsonObject { ["admission"] = null, ["reclaimablePods"] = null, ["conditions"] = conditions } };
        return PatchStatusAsync(name, patch.ToJsonString());
    }

    protected JsonObject Written(string type, string status, string reason) => new()
    {
        ["type"] = type,
        ["status"] = status,
        ["reason"] = reason,
        ["message"] = "",
        ["lastTransitionTime"] = Time.Timestamp(),
    };

    protected static V1Patch Merge(string patch) => new(JsonNode.Parse(patch), V1Patch.PatchType.MergePatch);
}
