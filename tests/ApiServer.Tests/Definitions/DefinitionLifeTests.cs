using System.Net;
using System.Text.Json;
using k8s;

namespace Sandcastle.Testing.ApiServer.Tests.Definitions;

public sealed class DefinitionLifeTests : DefinitionTest
{
    [Fact]
    public async Task Create_definition_is_established_and_discovered()
    {
        var definition = await Client.ApiextensionsV1.ReadCustomResourceDefinitionAsync(Widgets.Resource, cancellationToken: Cancellation);
        var resources = await Client.CustomObjects.GetAPIResourcesAsync("example.com", "v1", cancellationToken: Cancellation);
        var groups = await Client.Apis.GetAPIVersionsAsync(cancellationToken: Cancellation);

        definition.Status.Conditions.ShouldContain(condition => condition.Type == "Established" && condition.Status == "True");
        resources.Resources.Select(one => one.Name).ShouldBe(["widgets", "widgets/status", "widgets/scale"]);
        groups.Groups.Select(one => one.Name).ShouldContain("example.com");
    }

    [Fact]
    public async Task List_custom_objects_carry_their_kind()
    {
        await CreateAsync(Widgets.Widget("a"));

        var list = await Client.CustomObjects.ListNamespacedCustomObjectAsync<JsonElement>("example.com", "v1", "default", "widgets", cancellationToken: Cancellation);

        list.GetProperty("kind").GetString().ShouldBe("WidgetList");
        list.GetProperty("items")[0].GetProperty("kind").GetString().ShouldBe("Widget");
    }

    [Fact]
    public async Task List_selectable_field_picks()
    {
        await CreateAsync(Widgets.Widget("a"));
        await CreateAsync(Widgets.Widget("b", """{"color":"blue"}"""));

        var list = await Client.CustomObjects.ListNamespacedCustomObjectAsync<JsonElement>(
            "example.com", "v1", "default", "widgets", fieldSelector: "spec.color=blue", cancellationToken: Cancellation);

        list.GetProperty("items").EnumerateArray().ShouldHaveSingleItem().GetProperty("metadata").GetProperty("name").GetString().ShouldBe("b");
    }

    [Fact]
    public async Task Delete_definition_takes_its_objects_along()
    {
        await CreateAsync(Widgets.Widget("a"));

        await SendAsync(HttpMethod.Delete, $"apis/apiextensions.k8s.io/v1/customresourcedefinitions/{Widgets.Resource}");
        await Server.Objects.WaitAsync("customresourcedefinitions.apiextensions.k8s.io", "", left => left.Count == 0, Cancellation);

        await ReadAsync(await SendAsync(HttpMethod.Get, "apis/example.com/v1/namespaces/default/widgets"), HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Read_resource_that_nobody_defined_is_not_found() =>
        (await ReadAsync(await SendAsync(HttpMethod.Get, "apis/example.com/v1/namespaces/default/gadgets"), HttpStatusCode.NotFound))["message"]!
            .GetValue<string>().ShouldBe("the server could not find the requested resource");
}
