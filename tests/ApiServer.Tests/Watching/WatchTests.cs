using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Sandcastle.Testing.ApiServer.Hosting;

namespace Sandcastle.Testing.ApiServer.Tests.Watching;

public sealed class WatchTests : ServerTest
{
    protected override ApiServerOptions Options => new() { HistoryLimit = 20, BookmarkInterval = TimeSpan.FromMilliseconds(50) };

    [Fact]
    public async Task Watch_from_a_list_sees_every_later_change_once()
    {
        await CreateAsync("before");
        var list = await Client.CoreV1.ListNamespacedConfigMapAsync("default", cancellationToken: Cancellation);
        using var watch = await WatchAsync($"resourceVersion={list.Metadata.ResourceVersion}");

        await CreateAsync("a");
        await PatchAsync("a", """{"data":{"k":"v"}}""");
        await Client.CoreV1.DeleteNamespacedConfigMapAsync("a", "default", cancellationToken: Cancellation);

        (await watch.ReadAsync(3)).ShouldBe(["ADDED a", "MODIFIED a", "DELETED a"]);
    }

    [Fact]
    public async Task Watch_from_a_list_is_told_what_happened_before_it_opened()
    {
        var list = await Client.CoreV1.ListNamespacedConfigMapAsync("default", cancellationToken: Cancellation);
        await CreateAsync("a");

        using var watch = await WatchAsync($"resourceVersion={list.Metadata.ResourceVersion}");

        (await watch.ReadAsync(1)).ShouldBe(["ADDED a"]);
    }

    [Fact]
    public async Task Watch_without_a_version_begins_with_what_is_there()
    {
        await CreateAsync("a");

        using var watch = await WatchAsync("");
        await CreateAsync("b");

        (await watch.ReadAsync(2)).ShouldBe(["ADDED a", "ADDED b"]);
    }

    [Fact]
    public async Task Watch_streaming_list_marks_the_end_of_what_is_there()
    {
        await CreateAsync("a");

        using var watch = await WatchAsync("sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true");

        (await watch.ReadAsync(1)).ShouldBe(["ADDED a"]);
        var mark = await watch.NextAsync();
        mark["type"]!.GetValue<string>().ShouldBe("BOOKMARK");
        mark["object"]!["metadata"]!["annotations"]!["k8s.io/initial-events-end"]!.GetValue<string>().ShouldBe("true");
    }

    [Fact]
    public async Task Watch_selector_turns_changes_into_comings_and_goings()
    {
        using var watch = await WatchAsync("labelSelector=color%3Dred");

        await CreateAsync("a");
        await PatchAsync("a", """{"metadata":{"labels":{"color":"red"}}}""");
        await PatchAsync("a", """{"data":{"k":"v"}}""");
        await PatchAsync("a", """{"metadata":{"labels":{"color":"blue"}}}""");

        (await watch.ReadAsync(3)).ShouldBe(["ADDED a", "MODIFIED a", "DELETED a"]);
    }

    [Fact]
    public async Task Watch_idle_one_gets_bookmarks_with_the_latest_version()
    {
        using var watch = await WatchAsync("allowWatchBookmarks=true");
        Server.CreateNamespace("elsewhere");

        JsonNode mark;
        do
        {
            mark = await watch.NextAsync();
        }
        while (long.Parse(mark["object"]!["metadata"]!["resourceVersion"]!.GetValue<string>()) < Server.Objects.Revision);

        mark["type"]!.GetValue<string>().ShouldBe("BOOKMARK");
        mark["object"]!["kind"]!.GetValue<string>().ShouldBe("ConfigMap");
    }

    [Fact]
    public async Task Watch_from_before_the_history_is_told_410_in_an_event()
    {
        for (var i = 0; i < 25; i++)
        {
            await CreateAsync($"a{i}");
        }

        using var watch = await WatchAsync("resourceVersion=1");

        var gone = await watch.NextAsync();
        gone["type"]!.GetValue<string>().ShouldBe("ERROR");
        gone["object"]!["code"]!.GetValue<int>().ShouldBe(410);
        gone["object"]!["reason"]!.GetValue<string>().ShouldBe("Expired");
        gone["object"]!["message"]!.GetValue<string>().ShouldStartWith("too old resource version: 1 (");
        (await watch.EndAsync()).ShouldBeTrue();
    }

    [Fact]
    public async Task ExpireHistory_ends_watches_and_makes_the_latest_version_too_old()
    {
        var list = await Client.CoreV1.ListNamespacedConfigMapAsync("default", cancellationToken: Cancellation);
        using var open = await WatchAsync($"resourceVersion={list.Metadata.ResourceVersion}");

        Server.ExpireHistory();

        (await open.EndAsync()).ShouldBeTrue();
        using var again = await WatchAsync($"resourceVersion={list.Metadata.ResourceVersion}");
        (await again.NextAsync())["object"]!["code"]!.GetValue<int>().ShouldBe(410);
        var fresh = await Client.CoreV1.ListNamespacedConfigMapAsync("default", cancellationToken: Cancellation);
        using var resumed = await WatchAsync($"resourceVersion={fresh.Metadata.ResourceVersion}");
        await CreateAsync("a");
        (await resumed.ReadAsync(1)).ShouldBe(["ADDED a"]);
    }

    [Fact]
    public async Task Watch_ends_by_itself_after_its_timeout()
    {
        using var watch = await WatchAsync("timeoutSeconds=1");

        (await watch.EndAsync()).ShouldBeTrue();
    }

    [Fact]
    public async Task DropAll_ends_every_watch_and_lets_them_resume()
    {
        var list = await Client.CoreV1.ListNamespacedConfigMapAsync("default", cancellationToken: Cancellation);
        using var watch = await WatchAsync($"resourceVersion={list.Metadata.ResourceVersion}");

        Server.Watches.DropAll();

        (await watch.EndAsync()).ShouldBeTrue();
        await CreateAsync("a");
        using var resumed = await WatchAsync($"resourceVersion={list.Metadata.ResourceVersion}");
        (await resumed.ReadAsync(1)).ShouldBe(["ADDED a"]);
    }

    [Fact]
    public async Task Watch_through_the_typed_client_sees_objects()
    {
        var seen = new List<string>();
        await CreateAsync("a");
        await foreach (var (type, map) in Client.CoreV1.WatchListNamespacedConfigMapAsync("default", cancellationToken: Cancellation))
        {
            seen.Add($"{type} {map.Metadata.Name}");
            if (seen.Count == 2)
            {
                break;
            }

            await CreateAsync("b");
        }

        seen.ShouldBe(["Added a", "Added b"]);
    }

    [Fact]
    public async Task Watch_of_one_namespace_sees_nothing_of_another()
    {
        Server.CreateNamespace("another");
        using var watch = await WatchAsync("");

        await Client.CoreV1.CreateNamespacedConfigMapAsync(ConfigMap("hidden"), "another", cancellationToken: Cancellation);
        await CreateAsync("seen");

        (await watch.ReadAsync(1)).ShouldBe(["ADDED seen"]);
    }

    private Task<V1ConfigMap> CreateAsync(string name) => Client.CoreV1.CreateNamespacedConfigMapAsync(ConfigMap(name), "default", cancellationToken: Cancellation);

    private Task<V1ConfigMap> PatchAsync(string name, string patch) => Client.CoreV1.PatchNamespacedConfigMapAsync(
        new V1Patch(JsonNode.Parse(patch), V1Patch.PatchType.MergePatch), name, "default", cancellationToken: Cancellation);

    private async Task<WatchReader> WatchAsync(string query) => new(await SendAsync(HttpMethod.Get, $"api/v1/namespaces/default/configmaps?watch=true&{query}"));
}
