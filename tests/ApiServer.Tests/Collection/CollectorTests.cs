using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Sandcastle.Testing.ApiServer.Hosting;
using Sandcastle.Testing.ApiServer.Objects;

namespace Sandcastle.Testing.ApiServer.Tests.Collection;

public sealed class CollectorTests : ServerTest
{
    protected override ApiServerOptions Options => new() { CollectsGarbage = false };

    [Fact]
    public async Task Collect_dependents_go_with_their_owner()
    {
        var owner = await CreateAsync("owner");
        await CreateAsync("child", owner);
        await CreateAsync("grandchild", await ReadAsync("child"));
        await Client.CoreV1.DeleteNamespacedConfigMapAsync("owner", "default", cancellationToken: Cancellation);
        Names().ShouldBe(["child", "grandchild"]);

        Server.Garbage.Collect().ShouldBe(2);

        Names().ShouldBeEmpty();
    }

    [Fact]
    public async Task Collect_dependent_with_a_finalizer_waits_for_it()
    {
        var owner = await CreateAsync("owner");
        await CreateAsync("child", owner);
        Server.Objects.Patch("configmaps", "default", "child", JsonNode.Parse("""{"metadata":{"finalizers":["example.com/hold"]}}""")!.AsObject());
        await Client.CoreV1.DeleteNamespacedConfigMapAsync("owner", "default", cancellationToken: Cancellation);

        Server.Garbage.Collect();

        Server.Objects.Get("configmaps", "default", "child").IsDeleting().ShouldBeTrue();
    }

    [Fact]
    public async Task Collect_one_of_two_owners_gone_takes_only_the_reference()
    {
        var (first, second) = (await CreateAsync("first"), await CreateAsync("second"));
        await CreateAsync("child", first, second);
        await Client.CoreV1.DeleteNamespacedConfigMapAsync("first", "default", cancellationToken: Cancellation);

        Server.Garbage.Collect();

        Server.Objects.Get("configmaps", "default", "child").Owners().Single().Text("name").ShouldBe("second");
    }

    [Fact]
    public async Task Collect_owner_of_the_same_name_but_another_UID_is_no_owner()
    {
        var owner = await CreateAsync("owner");
        await CreateAsync("child", owner);
        await Client.CoreV1.DeleteNamespacedConfigMapAsync("owner", "default", cancellationToken: Cancellation);
        await CreateAsync("owner");

        Server.Garbage.Collect();

        Names().ShouldBe(["owner"]);
    }

    [Fact]
    public async Task Delete_foreground_waits_for_what_blocks_it()
    {
        var owner = await CreateAsync("owner");
        await CreateAsync("child", owner);
        Server.Objects.Patch("configmaps", "default", "child", JsonNode.Parse("""{"metadata":{"finalizers":["example.com/hold"]}}""")!.AsObject());

        Server.Objects.Delete("configmaps", "default", "owner", new DeleteOptions { PropagationPolicy = "Foreground" });
        Server.Garbage.Collect();
        Server.Objects.Get("configmaps", "default", "owner").Finalizers().ShouldBe(["foregroundDeletion"]);

        Server.Objects.Patch("configmaps", "default", "child", JsonNode.Parse("""{"metadata":{"finalizers":null}}""")!.AsObject());
        Server.Garbage.Collect();
        Names().ShouldBeEmpty();
    }

    [Fact]
    public async Task Delete_orphan_leaves_the_dependents_alone()
    {
        var owner = await CreateAsync("owner");
        await CreateAsync("child", owner);

        await SendAsync(HttpMethod.Delete, "api/v1/namespaces/default/configmaps/owner?propagationPolicy=Orphan");
        Server.Garbage.Collect();

        Names().ShouldBe(["child"]);
        Server.Objects.Get("configmaps", "default", "child").Owners().ShouldBeEmpty();
    }

    [Fact]
    public async Task Delete_namespace_takes_everything_in_it_along()
    {
        Server.CreateNamespace("tenant");
        await Client.CoreV1.CreateNamespacedConfigMapAsync(ConfigMap("a"), "tenant", cancellationToken: Cancellation);
        Server.Objects.Delete("namespaces", "", "tenant");

        var status = await RefusedAsync(() => Client.CoreV1.CreateNamespacedConfigMapAsync(ConfigMap("b"), "tenant", cancellationToken: Cancellation));
        Server.Garbage.Collect();

        status.Code.ShouldBe(403);
        status.Message.ShouldBe("configmaps \"b\" is forbidden: unable to create new content in namespace tenant because it is being terminated");
        Server.Objects.Find("namespaces", "", "tenant").ShouldBeNull();
        Server.Objects.List("configmaps", "tenant").ShouldBeEmpty();
    }

    private IEnumerable<string> Names() => Server.Objects.List("configmaps", "default").Select(one => one.Key().Name);

    private Task<V1ConfigMap> ReadAsync(string name) => Client.CoreV1.ReadNamespacedConfigMapAsync(name, "default", cancellationToken: Cancellation);

    private Task<V1ConfigMap> CreateAsync(string name, params V1ConfigMap[] owners)
    {
        var map = ConfigMap(name);
        map.Metadata.OwnerReferences =
        [
            .. owners.Select(owner => new V1OwnerReference { ApiVersion = "v1", Kind = "ConfigMap", Name = owner.Metadata.Name, Uid = owner.Metadata.Uid, BlockOwnerDeletion = true }),
        ];
        return Client.CoreV1.CreateNamespacedConfigMapAsync(map, "default", cancellationToken: Cancellation);
    }
}

public sealed class CollectorLoopTests : ServerTest
{
    [Fact]
    public async Task Dependents_go_by_themselves()
    {
        var owner = await Client.CoreV1.CreateNamespacedConfigMapAsync(ConfigMap("owner"), "default", cancellationToken: Cancellation);
        var child = ConfigMap("child");
        child.Metadata.OwnerReferences = [new V1OwnerReference { ApiVersion = "v1", Kind = "ConfigMap", Name = "owner", Uid = owner.Metadata.Uid }];
        await Client.CoreV1.CreateNamespacedConfigMapAsync(child, "default", cancellationToken: Cancellation);

        await Client.CoreV1.DeleteNamespacedConfigMapAsync("owner", "default", cancellationToken: Cancellation);

        await Server.Objects.WaitAsync("configmaps", "default", left => left.Count == 0, Cancellation);
    }

    [Fact]
    public async Task Object_that_names_an_owner_that_never_was_goes_by_itself()
    {
        var child = ConfigMap("child");
        child.Metadata.OwnerReferences = [new V1OwnerReference { ApiVersion = "v1", Kind = "ConfigMap", Name = "never", Uid = "never" }];
        await Client.CoreV1.CreateNamespacedConfigMapAsync(child, "default", cancellationToken: Cancellation);

        await Server.Objects.WaitAsync("configmaps", "default", left => left.Count == 0, Cancellation);
    }
}
