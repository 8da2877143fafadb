using System.Text.Json.Nodes;

namespace Sandcastle.Cluster.Manifests;

/// <summary>The chart is deploy/base, and stays so.</summary>
public sealed class HelmChartTests
{
    private static readonly string Chart = Path.Combine(Repository.Deploy, "helm", "sandcastle");

    private static readonly string Templates = Path.Combine(Chart, "templates");

    [Fact]
    public void Templates_are_those_made_of_the_base()
    {
        var made = HelmChart.Templates(Objects(), WithCertManager());
        if (Repository.UpdateGolden)
        {
            Directory.Delete(Templates, recursive: true);
            Directory.CreateDirectory(Templates);
            foreach (var (name, text) in made)
            {
                File.WriteAllText(Path.Combine(Templates, name), text);
            }
        }

        var shipped = Directory.EnumerateFiles(Templates).ToDictionary(file => Path.GetFileName(file)!, File.ReadAllText);

        shipped.Keys.ShouldBe(made.Keys, ignoreOrder: true);
        made.ShouldAllBe(template => shipped[template.Key] == template.Value, "run with SANDCASTLE_UPDATE_GOLDEN=1 and read the difference");
    }

    [Theory]
    [InlineData("operator")]
    [InlineData("cert-manager")]
    public void Values_give_the_base_or_the_base_with_its_component_object_by_object(string certificates)
    {
        var values = Values();
        if (certificates == "operator")
        {
            ((string)values["certificates"]!).ShouldBe(certificates);
        }

        values["certificates"] = certificates;

        var rendered = Directory.EnumerateFiles(Templates)
            .SelectMany(file => YamlObjects.Parse(HelmChart.Render(File.ReadAllText(file), values)))
            .ToDictionary(KubernetesObject.Reference);

        var objects = certificates == "operator" ? Objects() : WithCertManager();
        rendered.Keys.ShouldBe(objects.Select(KubernetesObject.Reference), ignoreOrder: true);
        objects.Where(item => !JsonNode.DeepEquals(item, rendered[item.Reference()])).Select(KubernetesObject.Reference).ShouldBeEmpty();
    }

    [Fact]
    public void Every_value_reaches_the_object_that_it_is_for()
    {
        var keys = HelmValue.All.Select(value => value.Key).Distinct().ToList();

        Leaves(Values(), "").ShouldBe(keys, ignoreOrder: true);
        HelmValue.All.ShouldAllBe(value => Objects().Count(value.Applies) == 1);
        foreach (var key in keys)
        {
            Directory.EnumerateFiles(Templates).ShouldContain(file => File.ReadAllText(file).Contains($"{{{{ .Values.{key}", StringComparison.Ordinal));
        }
    }

    /// <summary>Whoever misspells a value is told so by helm, which knows the schema alone.</summary>
    [Fact]
    public void Schema_has_every_value_and_no_other()
    {
        var schema = JsonNode.Parse(File.ReadAllText(Path.Combine(Chart, "values.schema.json")))!.AsObject();

        Described(schema, "").Where(name => name != "global").ShouldBe(Leaves(Values(), ""), ignoreOrder: true);
    }

    private static IReadOnlyList<JsonObject> Objects() => Kustomization.Build(Path.Combine(Repository.Deploy, "base"));

    private static IReadOnlyList<JsonObject> WithCertManager() =>
        Kustomization.Add(Objects(), Path.Combine(Repository.Deploy, "components", "cert-manager"));

    private static JsonObject Values() => YamlObjects.Read(Path.Combine(Chart, "values.yaml")).Single();

    private static IEnumerable<string> Leaves(JsonObject values, string prefix) =>
        values.SelectMany(field => field.Value is JsonObject section ? Leaves(section, $"{prefix}{field.Key}.") : [prefix + field.Key]);

    private static IEnumerable<string> Described(JsonObject schema, string name)
    {
        if (schema["properties"] is not JsonObject properties)
        {
            return [name];
        }

        ((bool?)schema["additionalProperties"]).ShouldBe(false, name);
        return properties.SelectMany(property => Described(property.Value!.AsObject(), name.Length == 0 ? property.Key : $"{name}.{property.Key}"));
    }
}
