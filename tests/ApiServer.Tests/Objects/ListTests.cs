using k8s;
using k8s.Models;

namespace Sandcastle.Testing.ApiServer.Tests.Objects;

public sealed class ListTests : ServerTest
{
    [Fact]
    public async Task List_label_selector_picks()
    {
        await CreateAsync("a", ("color", "red"), ("size", "1"));
        await CreateAsync("b", ("color", "blue"));
        await CreateAsync("c");

        (await NamesAsync("color=red")).ShouldBe(["a"]);
        (await NamesAsync("color!=red")).ShouldBe(["b", "c"]);
        (await NamesAsync("color in (red,blue),!size")).ShouldBe(["b"]);
        (await NamesAsync("color notin (red)")).ShouldBe(["b", "c"]);
        (await NamesAsync("size")).ShouldBe(["a"]);
    }

    [Fact]
    public async Task List_field_selector_picks_pods()
    {
        foreach (var (name, node) in new[] { ("a", "n1"), ("b", "n2"), ("c", "n1") })
        {
            await Client.CoreV1.CreateNamespacedPodAsync(Pod(name, node), "default", cancellationToken: Cancellation);
        }

        Server.Objects.Patch("pods", "default", "c", new() { ["status"] = new System.Text.Json.Nodes.JsonObject { ["phase"] = "Running" } }, "status");

        (await PodsAsync("spec.nodeName=n1")).ShouldBe(["a", "c"]);
        (await PodsAsync("spec.nodeName=n1,status.phase!=Pending")).ShouldBe(["c"]);
        (await PodsAsync("metadata.name=b")).ShouldBe(["b"]);
    }

    [Fact]
    public async Task List_unknown_field_selector_is_refused()
    {
        var status = await RefusedAsync(() => PodsAsync("spec.color=red"));

        status.Code.ShouldBe(400);
        status.Message.ShouldBe("field label not supported: spec.color");
    }

    [Fact]
    public async Task List_pages_show_one_state()
    {
        foreach (var name in new[] { "a", "b", "c" })
        {
            await CreateAsync(name);
        }

        var first = await Client.CoreV1.ListNamespacedConfigMapAsync("default", limit: 2, cancellationToken: Cancellation);
        await CreateAsync("d");
        var second = await Client.CoreV1.ListNamespacedConfigMapAsync("default", limit: 2, continueParameter: first.Metadata.ContinueProperty, cancellationToken: Cancellation);

        first.Items.Select(one => one.Metadata.Name).ShouldBe(["a", "b"]);
        first.Metadata.RemainingItemCount.ShouldBe(1);
        second.Items.Select(one => one.Metadata.Name).ShouldBe(["c"]);
        second.Metadata.ContinueProperty.ShouldBeNullOrEmpty();
        second.Metadata.ResourceVersion.ShouldBe(first.Metadata.ResourceVersion);
    }

    [Fact]
    public async Task List_next_page_after_the_history_expired_is_gone()
    {
        await CreateAsync("a");
        await CreateAsync("b");
        var first = await Client.CoreV1.ListNamespacedConfigMapAsync("default", limit: 1, cancellationToken: Cancellation);

        Server.ExpireHistory();
        var status = await RefusedAsync(() =>
            Client.CoreV1.ListNamespacedConfigMapAsync("default", limit: 1, continueParameter: first.Metadata.ContinueProperty, cancellationToken: Cancellation));

        status.Code.ShouldBe(410);
        status.Reason.ShouldBe("Expired");
    }

    [Fact]
    public async Task List_all_namespaces_is_in_order()
    {
        Server.CreateNamespace("another");
        await CreateAsync("z");
        await Client.CoreV1.CreateNamespacedConfigMapAsync(ConfigMap("y"), "another", cancellationToken: Cancellation);

        var all = await Client.CoreV1.ListConfigMapForAllNamespacesAsync(cancellationToken: Cancellation);

        all.Items.Select(one => $"{one.Metadata.NamespaceProperty}/{one.Metadata.Name}").ShouldBe(["another/y", "default/z"]);
    }

    private Task<V1ConfigMap> CreateAsync(string name, params (string Key, string Value)[] labels)
    {
        var map = ConfigMap(name);
        map.Metadata.Labels = labels.ToDictionary(one => one.Key, one => one.Value);
        return Client.CoreV1.CreateNamespacedConfigMapAsync(map, "default", cancellationToken: Cancellation);
    }

    private async Task<IEnumerable<string>> NamesAsync(string selector) =>
        (await Client.CoreV1.ListNamespacedConfigMapAsync("default", labelSelector: selector, cancellationToken: Cancellation)).Items.Select(one => one.Metadata.Name);

    private async Task<IEnumerable<string>> PodsAsync(string selector) =>
        (await Client.CoreV1.ListNamespacedPodAsync("default", fieldSelector: selector, cancellationToken: Cancellation)).Items.Select(one => one.Metadata.Name);
}
