using System.Text.Json.Nodes;
using Sandcastle.Operator.Resources;
using Sandcastle.Operator.Resources.Lots;
using Sandcastle.Operator.Resources.Pools;
using Sandcastle.Operator.Resources.Schema;
using Sandcastle.Operator.Resources.Templates;
using Sandcastle.Operator.Resources.Tenants;

namespace Sandcastle.Operator.Tests.Resources;

public sealed class CrdTests
{
    public static TheoryData<string> Names => [.. CrdRenderer.Types.Select(type => type.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Definition_in_deploy_is_what_the_type_says(string name)
    {
        var type = CrdRenderer.Types.Single(type => type.Name == name);

        Golden.Compare($"deploy/crds/{CrdRenderer.FileName(type)}", YamlText.Render(CrdRenderer.Render(type)));
    }

    [Fact]
    public void Definitions_are_of_all_resources_and_nothing_else()
    {
        CrdRenderer.Types.ShouldBe([typeof(SandboxPool), typeof(SandboxTemplate), typeof(Tenant), typeof(WorkerLot)]);
        Directory.GetFiles(Repository.PathTo("deploy", "crds"), "sandcastle.dev_*.yaml").Select(Path.GetFileName)
            .ShouldBe(CrdRenderer.Types.Select(CrdRenderer.FileName), ignoreOrder: true);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Definition_in_yaml_reads_as_the_tree_it_was_made_of(string name)
    {
        var tree = CrdRenderer.Render(CrdRenderer.Types.Single(type => type.Name == name));

        JsonNode.DeepEquals(Yaml.Parse(YamlText.Render(tree)), tree).ShouldBeTrue();
    }

    // What the API server demands of a structural schema, beyond what the renderer's types can say.
    [Theory]
    [MemberData(nameof(Names))]
    public void Definition_is_structural(string name)
    {
        var schema = CrdRenderer.Render(CrdRenderer.Types.Single(type => type.Name == name))["spec"]!["versions"]![0]!["schema"]!["openAPIV3Schema"]!;

        foreach (var (path, node) in Schemas("", schema.AsObject()))
        {
            (node["type"] is not null || node["x-kubernetes-int-or-string"] is not null).ShouldBeTrue($"{path} has no type");
            (node["properties"] is not null && node["additionalProperties"] is not null).ShouldBeFalse(path);
            node["x-kubernetes-preserve-unknown-fields"].ShouldBeNull(path);
            if (node["default"] is { } standard && node["enum"] is JsonArray choices)
            {
                choices.Select(choice => choice!.GetValue<string>()).ShouldContain(standard.GetValue<string>(), path);
            }
        }
    }

    [Fact]
    public void Defaults_of_the_types_are_those_of_the_schema()
    {
        var pool = CrdRenderer.Render(typeof(SandboxPool))["spec"]!["versions"]![0]!["schema"]!["openAPIV3Schema"]!["properties"]!["spec"]!;
        var read = Json.Read<PoolSpec>("""{"templates":["python"],"queueName":"q","resources":{"cpu":1,"memory":"1Gi"},"image":"i"}""");

        Json.Node(read.Workers).ShouldBeDefaultsOf(pool["properties"]!["workers"]!);
        Json.Node(read.Scaling).ShouldBeDefaultsOf(pool["properties"]!["scaling"]!);
        read.SlotsPerWorker.ShouldBe(pool["properties"]!["slotsPerWorker"]!["default"]!.GetValue<int>());
        read.Ready.ShouldBe(pool["properties"]!["ready"]!["default"]!.GetValue<int>());
        read.RuntimeClassName.ShouldBe(pool["properties"]!["runtimeClassName"]!["default"]!.GetValue<string>());
    }

    [Fact]
    public void Defaults_of_a_tenant_are_those_of_the_schema()
    {
        var tenant = CrdRenderer.Render(typeof(Tenant))["spec"]!["versions"]![0]!["schema"]!["openAPIV3Schema"]!["properties"]!["spec"]!;
        var read = Json.Read<Tenant>("{}").Spec;

        read.QueueName.ShouldBe(tenant["properties"]!["queueName"]!["default"]!.GetValue<string>());
        read.Weight.ShouldBe(tenant["properties"]!["weight"]!["default"]!.GetValue<int>());
        Json.Node(read.Floor).ShouldBeDefaultsOf(tenant["properties"]!["floor"]!);
    }

    private static IEnumerable<(string Path, JsonObject Node)> Schemas(string path, JsonObject node)
    {
        yield return (path, node);
        IEnumerable<(string, JsonObject)> below =
        [
            .. (node["properties"] as JsonObject ?? []).Select(pair => ($"{path}.{pair.Key}", pair.Value!.AsObject())),
            .. node["items"] is JsonObject items ? [($"{path}[]", items)] : Array.Empty<(string, JsonObject)>(),
            .. node["additionalProperties"] is JsonObject values ? [($"{path}{{}}", values)] : Array.Empty<(string, JsonObject)>(),
        ];
        foreach (var (name, child) in below)
        {
            foreach (var found in Schemas(name, child))
            {
                yield return found;
            }
        }
    }
}

internal static class CrdAssertions
{
    internal static void ShouldBeDefaultsOf(this JsonNode values, JsonNode schema)
    {
        foreach (var (name, property) in schema["properties"]!.AsObject())
        {
            JsonNode.DeepEquals(values[name], property!["default"]).ShouldBeTrue($"{name}: {values[name]} is not {property["default"]}");
        }
    }
}
