using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using k8s;

namespace Sandcastle.Testing.ApiServer.Tests.Definitions;

public sealed class SubresourceTests : DefinitionTest
{
    [Fact]
    public async Task Create_status_is_dropped()
    {
        var widget = Widgets.Widget("a");
        widget["status"] = new JsonObject { ["phase"] = "Done" };

        (await CreateAsync(widget)).ContainsKey("status").ShouldBeFalse();
    }

    [Fact]
    public async Task Patch_status_touches_only_the_status()
    {
        await CreateAsync(Widgets.Widget("a"));

        var patched = await PatchStatusAsync("a", """{"metadata":{"labels":{"x":"y"}},"spec":{"color":"blue"},"status":{"phase":"Done"}}""");

        patched["status"]!["phase"]!.GetValue<string>().ShouldBe("Done");
        patched["spec"]!["color"]!.GetValue<string>().ShouldBe("red");
        patched["metadata"]!.AsObject().ContainsKey("labels").ShouldBeFalse();
    }

    [Fact]
    public async Task Patch_main_ignores_the_status()
    {
        await CreateAsync(Widgets.Widget("a"));

        var patched = await PatchAsync("a", """{"spec":{"color":"blue"},"status":{"phase":"Done"}}""");

        patched["spec"]!["color"]!.GetValue<string>().ShouldBe("blue");
        patched.ContainsKey("status").ShouldBeFalse();
    }

    [Fact]
    public async Task Patch_generation_counts_changes_of_the_spec_only()
    {
        await CreateAsync(Widgets.Widget("a"));

        Generation(await PatchAsync("a", """{"metadata":{"labels":{"x":"y"}}}""")).ShouldBe(1);
        Generation(await PatchStatusAsync("a", """{"status":{"phase":"Done"}}""")).ShouldBe(1);
        Generation(await PatchAsync("a", """{"spec":{"color":"blue"}}""")).ShouldBe(2);
    }

    [Fact]
    public async Task Patch_status_with_a_stale_version_is_a_conflict()
    {
        var version = (await CreateAsync(Widgets.Widget("a")))["metadata"]!["resourceVersion"]!.GetValue<string>();
        await PatchStatusAsync("a", $$$"""{"metadata":{"resourceVersion":"{{{version}}}"},"status":{"phase":"One"}}""");

        var status = await RefusedAsync(() => PatchStatusAsync("a", $$$"""{"metadata":{"resourceVersion":"{{{version}}}"},"status":{"phase":"Two"}}"""));

        status.Message.ShouldStartWith("Operation cannot be fulfilled on widgets.example.com \"a\": the object has been modified");
    }

    [Fact]
    public async Task Scale_read_shows_what_the_paths_say()
    {
        await CreateAsync(Widgets.Widget("a", """{"color":"red","replicas":2}"""));
        await PatchStatusAsync("a", """{"status":{"replicas":1,"selector":"app=a"}}""");

        var scale = Read(await Client.CustomObjects.GetNamespacedCustomObjectScaleAsync<JsonElement>("example.com", "v1", "default", "widgets", "a", cancellationToken: Cancellation));

        scale["kind"]!.GetValue<string>().ShouldBe("Scale");
        scale["apiVersion"]!.GetValue<string>().ShouldBe("autoscaling/v1");
        scale["spec"]!["replicas"]!.GetValue<int>().ShouldBe(2);
        scale["status"]!.ToJsonString().ShouldBe("""{"replicas":1,"selector":"app=a"}""");
    }

    [Fact]
    public async Task Scale_patch_writes_the_wanted_count()
    {
        await CreateAsync(Widgets.Widget("a"));

        await Client.CustomObjects.PatchNamespacedCustomObjectScaleAsync<JsonElement>(
            Merge("""{"spec":{"replicas":4}}"""), "example.com", "v1", "default", "widgets", "a", cancellationToken: Cancellation);

        var widget = Server.Objects.Get(Widgets.Resource, "default", "a");
        widget["spec"]!["replicas"]!.GetValue<int>().ShouldBe(4);
        widget["metadata"]!["generation"]!.GetValue<int>().ShouldBe(2);
    }

    [Theory]
    [InlineData(-1, ".spec.replicas: Invalid value: -1: should be a non-negative integer")]
    [InlineData(11, "spec.replicas: Invalid value: 11: spec.replicas in body should be less than or equal to 10")]
    public async Task Scale_patch_out_of_bounds_is_refused(int replicas, string why)
    {
        await CreateAsync(Widgets.Widget("a"));

        var status = await RefusedAsync(() => Client.CustomObjects.PatchNamespacedCustomObjectScaleAsync<JsonElement>(
            Merge($$$"""{"spec":{"replicas":{{{replicas}}}}}"""), "example.com", "v1", "default", "widgets", "a", cancellationToken: Cancellation));

        status.Code.ShouldBe(422);
        status.Message.ShouldContain(why);
    }

    [Fact]
    public async Task Scale_read_before_anyone_set_a_count_fails_as_the_real_server_does()
    {
        await CreateAsync(Widgets.Widget("a"));

        var response = await SendAsync(HttpMethod.Get, "apis/example.com/v1/namespaces/default/widgets/a/scale");

        (await ReadAsync(response, HttpStatusCode.InternalServerError))["message"]!.GetValue<string>()
            .ShouldBe("Internal error occurred: the spec replicas field \".spec.replicas\" does not exist");
    }

    [Fact]
    public async Task Subresource_that_is_not_defined_is_not_found() =>
        (await ReadAsync(await SendAsync(HttpMethod.Get, "apis/example.com/v1/namespaces/default/widgets/a/log"), HttpStatusCode.NotFound))["message"]!
            .GetValue<string>().ShouldBe("widgets.example.com \"a\" not found");

    private static int Generation(JsonObject value) => value["metadata"]!["generation"]!.GetValue<int>();
}
