using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sandcastle.Cluster.Manifests;

/// <summary>What the real helm makes of the chart. What the tests' own rendering makes of it is in <see cref="HelmChartTests"/>.</summary>
public sealed class HelmTests
{
    private static readonly string Chart = Path.Combine(Repository.Deploy, "helm", "sandcastle");

    /// <summary>A value for every key that differs from the chart's own.</summary>
    private static readonly Dictionary<string, string> Others = new(StringComparer.Ordinal)
    {
        ["images.manager"] = "localhost:5000/team/manager:2",
        ["images.worker"] = "images.example/worker@sha256:" + new string('a', 64),
        ["manager.replicas"] = "0",
        ["manager.cpu"] = "2",
        ["manager.memory"] = "3Gi",
        ["operator.replicas"] = "1",
        ["certificates"] = "cert-manager",
        ["ledger.storage"] = "5Gi",
        ["apiServerCidr"] = "fd00::1/128",
        ["runtime.handler"] = "other",
    };

    [Fact]
    public async Task Helm_finds_nothing_to_complain_of()
    {
        Helm.Require();

        (await Helm.ExpectAsync("lint", "--strict", Chart)).ShouldContain("1 chart(s) linted, 0 chart(s) failed");
    }

    [Fact]
    public async Task Helm_renders_the_base_object_by_object()
    {
        Helm.Require();

        var rendered = await RenderAsync();

        var objects = Kustomization.Build(Path.Combine(Repository.Deploy, "base"));
        rendered.Keys.ShouldBe(objects.Select(KubernetesObject.Reference), ignoreOrder: true);
        objects.Where(item => !JsonNode.DeepEquals(item, rendered[item.Reference()])).Select(KubernetesObject.Reference).ShouldBeEmpty();
    }

    /// <summary>Each where it belongs, as text where Kubernetes wants text, and nothing else changes.</summary>
    [Fact]
    public async Task Helm_puts_other_values_where_they_belong()
    {
        Helm.Require();
        Others.Keys.ShouldBe(HelmValue.All.Select(value => value.Key).Distinct(), ignoreOrder: true);

        var rendered = await RenderAsync([.. Others.SelectMany(other => new[] { "--set", $"{other.Key}={other.Value}" })]);

        var objects = Kustomization.Add(Kustomization.Build(Path.Combine(Repository.Deploy, "base")), Path.Combine(Repository.Deploy, "components", "cert-manager"));
        rendered.Keys.ShouldBe(objects.Select(KubernetesObject.Reference), ignoreOrder: true);
        foreach (var item in objects)
        {
            foreach (var value in HelmValue.All.Where(value => value.Applies(item)))
            {
                var parent = value.Parent(item, out var last);
                if (parent is JsonArray list)
                {
                    list[int.Parse(last)] = Others[value.Key];
                    continue;
                }

                var isText = parent[last]!.GetValueKind() == JsonValueKind.String;
                parent[last] = isText ? Others[value.Key] : JsonNode.Parse(Others[value.Key]);
            }

            JsonNode.DeepEquals(item, rendered[item.Reference()]).ShouldBeTrue($"{item}\n{rendered[item.Reference()]}");
        }
    }

    [Theory]
    [InlineData("manager.replicas=2", "/manager/replicas")]
    [InlineData("manager.replicas=several", "/manager/replicas")]
    [InlineData("manager.replcas=1", "'replcas'")]
    [InlineData("manager.cpu=0", "/manager/cpu")]
    [InlineData("manager.memory=1Gb", "/manager/memory")]
    [InlineData("images.manager=null", "'manager'")]
    [InlineData("images.worker=worker", "/images/worker")]
    [InlineData("operator.replicas=-1", "/operator/replicas")]
    [InlineData("certificates=letsencrypt", "/certificates")]
    [InlineData("ledger.storage=", "/ledger/storage")]
    [InlineData("apiServerCidr=10.0.0.5", "/apiServerCidr")]
    [InlineData("runtime.handler=A b", "/runtime/handler")]
    public async Task Helm_refuses_a_value_by_its_name(string setting, string name)
    {
        Helm.Require();

        var (exitCode, _, error) = await Helm.RunAsync("template", "sandcastle", Chart, "--set", setting);

        exitCode.ShouldNotBe(0);
        error.ShouldContain(name);
    }

    private static async Task<Dictionary<string, JsonObject>> RenderAsync(params string[] arguments) =>
        YamlObjects.Parse(await Helm.ExpectAsync(["template", "sandcastle", Chart, .. arguments])).ToDictionary(KubernetesObject.Reference);
}
