using System.Text.Json.Nodes;
using k8s;
using k8s.Models;

namespace Sandcastle.Testing.ApiServer.Tests.Objects;

public sealed class DeleteTests : ServerTest
{
    [Fact]
    public async Task Delete_object_is_gone()
    {
        await CreateAsync(ConfigMap("a"));

        var status = await Client.CoreV1.DeleteNamespacedConfigMapAsync("a", "default", cancellationToken: Cancellation);

        status.Status.ShouldBe("Success");
        status.Details.Name.ShouldBe("a");
        Server.Objects.Find("configmaps", "default", "a").ShouldBeNull();
    }

    [Fact]
    public async Task Delete_with_a_finalizer_waits_until_it_is_removed()
    {
        var map = ConfigMap("a");
        map.Metadata.Finalizers = ["example.com/hold"];
        await CreateAsync(map);

        await SendAsync(HttpMethod.Delete, "api/v1/namespaces/default/configmaps/a");
        var held = await Client.CoreV1.ReadNamespacedConfigMapAsync("a", "default", cancellationToken: Cancellation);
        held.Metadata.DeletionTimestamp.ShouldNotBeNull();

        await PatchAsync("""{"metadata":{"finalizers":null}}""");
        Server.Objects.Find("configmaps", "default", "a").ShouldBeNull();
    }

    [Fact]
    public async Task Update_new_finalizer_while_deleting_is_refused()
    {
        var map = ConfigMap("a");
        map.Metadata.Finalizers = ["example.com/hold"];
        await CreateAsync(map);
        await SendAsync(HttpMethod.Delete, "api/v1/namespaces/default/configmaps/a");

        var status = await RefusedAsync(() => PatchAsync("""{"metadata":{"finalizers":["example.com/hold","example.com/more"]}}"""));

        status.Code.ShouldBe(422);
        status.Message.ShouldContain("no new finalizers can be added if the object is being deleted, found new finalizers []string{\"example.com/more\"}");
    }

    [Fact]
    public async Task Delete_with_another_uid_is_a_conflict()
    {
        await CreateAsync(ConfigMap("a"));
        var options = new V1DeleteOptions { Preconditions = new V1Preconditions { Uid = "other" } };

        var status = await RefusedAsync(() => Client.CoreV1.DeleteNamespacedConfigMapAsync("a", "default", options, cancellationToken: Cancellation));

        status.Reason.ShouldBe("Conflict");
        status.Message.ShouldContain("Operation cannot be fulfilled on ConfigMap \"a\": the UID in the precondition (other) does not match the UID in record");
    }

    [Fact]
    public async Task Delete_with_a_stale_version_is_a_conflict()
    {
        var created = await CreateAsync(ConfigMap("a"));
        await PatchAsync("""{"data":{"k":"v"}}""");
        var options = new V1DeleteOptions { Preconditions = new V1Preconditions { ResourceVersion = created.Metadata.ResourceVersion } };

        var status = await RefusedAsync(() => Client.CoreV1.DeleteNamespacedConfigMapAsync("a", "default", options, cancellationToken: Cancellation));

        status.Reason.ShouldBe("Conflict");
        status.Message.ShouldContain("does not match the ResourceVersion in record");
    }

    [Fact]
    public async Task Delete_unbound_pod_is_gone_at_once()
    {
        await Client.CoreV1.CreateNamespacedPodAsync(Pod("a"), "default", cancellationToken: Cancellation);

        await Client.CoreV1.DeleteNamespacedPodAsync("a", "default", cancellationToken: Cancellation);

        Server.Objects.Find("pods", "default", "a").ShouldBeNull();
    }

    [Fact]
    public async Task Delete_bound_pod_waits_for_its_node()
    {
        await Client.CoreV1.CreateNamespacedPodAsync(Pod("a", "node"), "default", cancellationToken: Cancellation);

        var leaving = await Client.CoreV1.DeleteNamespacedPodAsync("a", "default", cancellationToken: Cancellation);
        leaving.Metadata.DeletionGracePeriodSeconds.ShouldBe(30);
        leaving.Metadata.DeletionTimestamp.ShouldNotBeNull();

        await Client.CoreV1.DeleteNamespacedPodAsync("a", "default", gracePeriodSeconds: 0, cancellationToken: Cancellation);
        Server.Objects.Find("pods", "default", "a").ShouldBeNull();
    }

    [Fact]
    public async Task DeleteCollection_selection_goes_and_the_rest_stays()
    {
        foreach (var name in new[] { "a", "b" })
        {
            var map = ConfigMap(name);
            map.Metadata.Labels = new Dictionary<string, string> { ["name"] = name };
            await CreateAsync(map);
        }

        await Client.CoreV1.DeleteCollectionNamespacedConfigMapAsync("default", labelSelector: "name=a", cancellationToken: Cancellation);

        Server.Objects.List("configmaps", "default").ShouldHaveSingleItem()["metadata"]!["name"]!.GetValue<string>().ShouldBe("b");
    }

    private Task<V1ConfigMap> CreateAsync(V1ConfigMap map) => Client.CoreV1.CreateNamespacedConfigMapAsync(map, "default", cancellationToken: Cancellation);

    private Task<V1ConfigMap> PatchAsync(string patch) => Client.CoreV1.PatchNamespacedConfigMapAsync(
        new V1Patch(JsonNode.Parse(patch), V1Patch.PatchType.MergePatch), "a", "default", cancellationToken: Cancellation);
}
