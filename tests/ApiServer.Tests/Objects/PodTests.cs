using System.Text.Json.Nodes;
using k8s;
using k8s.Models;

namespace Sandcastle.Testing.ApiServer.Tests.Objects;

public sealed class PodTests : ServerTest
{
    [Fact]
    public async Task Create_pod_is_pending_and_has_its_defaults()
    {
        var pod = await CreateAsync(Pod("a"));

        pod.Status.Phase.ShouldBe("Pending");
        pod.Spec.RestartPolicy.ShouldBe("Always");
        pod.Spec.TerminationGracePeriodSeconds.ShouldBe(30);
        pod.Metadata.Generation.ShouldBe(1);
    }

    [Fact]
    public async Task Create_pod_of_an_unknown_runtime_class_is_refused()
    {
        var pod = Pod("a");
        pod.Spec.RuntimeClassName = "sandcastle";

        (await RefusedAsync(() => CreateAsync(pod))).Message.ShouldBe("pods \"a\" is forbidden: pod rejected: RuntimeClass \"sandcastle\" not found");

        await Client.NodeV1.CreateRuntimeClassAsync(new V1RuntimeClass { Metadata = new() { Name = "sandcastle" }, Handler = "runc" }, cancellationToken: Cancellation);
        await CreateAsync(pod);
    }

    [Fact]
    public async Task Create_pod_without_containers_is_refused()
    {
        var pod = Pod("a");
        pod.Spec.Containers = [];

        (await RefusedAsync(() => CreateAsync(pod))).Message.ShouldBe("Pod \"a\" is invalid: spec.containers: Required value");
    }

    [Fact]
    public async Task Create_pod_that_asks_for_more_than_its_limit_is_refused()
    {
        var pod = Pod("a");
        pod.Spec.Containers[0].Resources = new V1ResourceRequirements
        {
            Requests = new Dictionary<string, ResourceQuantity> { ["cpu"] = new("1500m") },
            Limits = new Dictionary<string, ResourceQuantity> { ["cpu"] = new("1") },
        };

        (await RefusedAsync(() => CreateAsync(pod))).Message.ShouldContain("must be less than or equal to cpu limit of 1");
    }

    [Fact]
    public async Task Patch_pod_spec_is_refused_but_for_a_few_fields()
    {
        await CreateAsync(Pod("a"));

        (await RefusedAsync(() => PatchAsync("""{"spec":{"nodeSelector":{"a":"b"}}}"""))).Message.ShouldStartWith("Pod \"a\" is invalid: spec: Forbidden: pod updates may not change fields other than");
        (await PatchAsync("""{"metadata":{"annotations":{"sandcastle.dev/drain":"2026-01-01T00:00:00Z"}}}""")).Metadata.Annotations.ShouldContainKey("sandcastle.dev/drain");
    }

    [Fact]
    public async Task Patch_scheduling_gates_may_go_and_not_come()
    {
        var pod = Pod("a");
        pod.Spec.SchedulingGates = [new V1PodSchedulingGate { Name = "example.com/gate" }];
        await CreateAsync(pod);

        (await PatchAsync("""{"spec":{"schedulingGates":null,"nodeSelector":{"a":"b"}}}""")).Spec.NodeSelector["a"].ShouldBe("b");
        (await RefusedAsync(() => PatchAsync("""{"spec":{"schedulingGates":[{"name":"example.com/new"}]}}"""))).Message.ShouldContain("spec.schedulingGates[0].name: Forbidden: only deletion is allowed");
    }

    [Fact]
    public async Task Bind_pod_once()
    {
        await CreateAsync(Pod("a"));

        await BindAsync("n1");
        var pod = await Client.CoreV1.ReadNamespacedPodAsync("a", "default", cancellationToken: Cancellation);
        var status = await RefusedAsync(() => BindAsync("n2"));

        pod.Spec.NodeName.ShouldBe("n1");
        pod.Status.Conditions.ShouldContain(condition => condition.Type == "PodScheduled" && condition.Status == "True");
        status.Code.ShouldBe(409);
        status.Message.ShouldContain("pod a is already assigned to node \"n1\"");
    }

    [Fact]
    public async Task Bind_gated_pod_is_refused()
    {
        var pod = Pod("a");
        pod.Spec.SchedulingGates = [new V1PodSchedulingGate { Name = "example.com/gate" }];
        await CreateAsync(pod);

        (await RefusedAsync(() => BindAsync("n1"))).Message.ShouldContain("non-empty .spec.schedulingGates");
    }

    [Fact]
    public async Task Evict_pod_begins_its_deletion()
    {
        await CreateAsync(Pod("a", "n1"));

        await EvictAsync();

        (await Client.CoreV1.ReadNamespacedPodAsync("a", "default", cancellationToken: Cancellation)).Metadata.DeletionTimestamp.ShouldNotBeNull();
    }

    [Fact]
    public async Task Evict_pod_that_a_budget_holds_is_refused()
    {
        var pod = Pod("a", "n1");
        pod.Metadata.Labels = new Dictionary<string, string> { ["app"] = "a" };
        await CreateAsync(pod);
        Server.Objects.Patch("pods", "default", "a", JsonNode.Parse("""{"status":{"phase":"Running"}}""")!.AsObject(), "status");
        Server.Objects.Create("poddisruptionbudgets.policy", JsonNode.Parse(
            """{"metadata":{"name":"b","namespace":"default"},"spec":{"selector":{"matchLabels":{"app":"a"}}},"status":{"disruptionsAllowed":0}}""")!.AsObject());

        var status = await RefusedAsync(EvictAsync);

        status.Code.ShouldBe(429);
        status.Message.ShouldBe("Cannot evict pod as it would violate the pod's disruption budget.");
    }

    [Fact]
    public async Task Patch_status_of_a_pod_leaves_its_spec_alone()
    {
        await CreateAsync(Pod("a"));

        var patched = await Client.CoreV1.PatchNamespacedPodStatusAsync(
            new V1Patch(JsonNode.Parse("""{"status":{"phase":"Running","podIP":"10.0.0.1"},"spec":{"nodeName":"n9"}}"""), V1Patch.PatchType.MergePatch),
            "a", "default", cancellationToken: Cancellation);

        patched.Status.PodIP.ShouldBe("10.0.0.1");
        patched.Spec.NodeName.ShouldBeNull();
    }

    private Task<V1Pod> CreateAsync(V1Pod pod) => Client.CoreV1.CreateNamespacedPodAsync(pod, "default", cancellationToken: Cancellation);

    private Task<V1Pod> PatchAsync(string patch) =>
        Client.CoreV1.PatchNamespacedPodAsync(new V1Patch(JsonNode.Parse(patch), V1Patch.PatchType.MergePatch), "a", "default", cancellationToken: Cancellation);

    private Task BindAsync(string node) => ShouldSucceedAsync("binding", $$$"""{"apiVersion":"v1","kind":"Binding","metadata":{"name":"a"},"target":{"kind":"Node","name":"{{{node}}}"}}""");

    private Task EvictAsync() => ShouldSucceedAsync("eviction", """{"apiVersion":"policy/v1","kind":"Eviction","metadata":{"name":"a"}}""");

    private async Task ShouldSucceedAsync(string subresource, string body)
    {
        using var response = await SendAsync(HttpMethod.Post, $"api/v1/namespaces/default/pods/a/{subresource}", body);
        if (!response.IsSuccessStatusCode)
        {
            throw new k8s.Autorest.HttpOperationException
            {
                Response = new k8s.Autorest.HttpResponseMessageWrapper(response, await response.Content.ReadAsStringAsync(Cancellation)),
            };
        }
    }
}
