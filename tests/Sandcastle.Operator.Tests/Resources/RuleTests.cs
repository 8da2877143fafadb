using System.Text.Json;
using System.Text.Json.Nodes;
using k8s;
using k8s.Autorest;
using k8s.Models;
using Sandcastle.Operator.Tests.Clusters;
using Sandcastle.Testing.ApiServer.Schemas;

namespace Sandcastle.Operator.Tests.Resources;

/// <summary>
/// Each rule of our definitions, broken by one object in the API server of this process; tests/Cluster breaks them in the same way in the real one.
/// </summary>
public sealed class RuleTests : IAsyncLifetime
{
    private static readonly IReadOnlyList<JsonObject> Documents =
        [.. Yaml.ParseAll(File.ReadAllText(Repository.PathTo("tests", "golden", "violations.yaml"))).Select(document => document!.AsObject())];

    private TestCluster _cluster = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static TheoryData<int> Cases => [.. Enumerable.Range(1, Documents.Count - 1)];

    public async ValueTask InitializeAsync() => _cluster = await TestCluster.StartAsync();

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Rule_that_is_broken_refuses_in_its_own_words(int number)
    {
        var (broken, kind, rule) = (Documents[number], Text(Documents[number]["kind"]), Text(Documents[number]["rule"]));
        var sound = Named(Documents[0][kind]!.DeepClone().AsObject(), kind);
        (await TryAsync(kind, sound)).ShouldBeNull();
        var whole = Named(Documents[0][kind]!.DeepClone().AsObject(), kind);
        Merge(whole, broken["object"]!.AsObject());
        if (broken["change"] is not JsonObject change)
        {
            (await TryAsync(kind, whole)).ShouldNotBeNull().ShouldContain(rule);
            return;
        }

        using var client = _cluster.Server.CreateClient();
        var made = await client.CustomObjects.CreateNamespacedCustomObjectAsync<JsonElement>(whole, "sandcastle.dev", "v1alpha1", TestCluster.Namespace, Plural(kind), cancellationToken: Cancelled);
        made.GetProperty("metadata").GetProperty("name").GetString().ShouldBe("sound");

        // Anything else of it may change.
        await client.CustomObjects.PatchNamespacedCustomObjectAsync(
            new V1Patch("""{"metadata":{"labels":{"a":"b"}}}""", V1Patch.PatchType.MergePatch), "sandcastle.dev", "v1alpha1", TestCluster.Namespace, Plural(kind), "sound", cancellationToken: Cancelled);
        var refused = await Should.ThrowAsync<HttpOperationException>(() => client.CustomObjects.PatchNamespacedCustomObjectAsync(
            new V1Patch(change.ToJsonString(), V1Patch.PatchType.MergePatch), "sandcastle.dev", "v1alpha1", TestCluster.Namespace, Plural(kind), "sound", cancellationToken: Cancelled));
        Message(refused).ShouldContain(rule);
    }

    [Fact]
    public void Rules_are_all_evaluated_and_all_broken_by_some_case()
    {
        var rules = Directory.GetFiles(Repository.PathTo("deploy", "crds"), "sandcastle.dev_*.yaml")
            .Select(file => Yaml.Parse(File.ReadAllText(file))!)
            .SelectMany(definition => SchemaRules.All(new SchemaReader().Read(definition["spec"]!["versions"]![0]!["schema"]!["openAPIV3Schema"]!.AsObject(), ""))
                .Select(found => (Kind: Text(definition["spec"]!["names"]!["kind"]), found.Rule)))
            .ToList();

        rules.Count.ShouldBeGreaterThan(25);
        rules.Where(found => found.Rule.Fault is not null).Select(found => $"{found.Rule.Rule}: {found.Rule.Fault}").ShouldBeEmpty();
        rules.Select(found => (found.Kind, found.Rule.Message)).Distinct()
            .ShouldBe(Documents.Skip(1).Select(broken => (Text(broken["kind"]), Text(broken["rule"]))), ignoreOrder: true);
    }

    /// <returns>The refusal; null where it was taken, as a trial.</returns>
    private async Task<string?> TryAsync(string kind, JsonObject item)
    {
        using var client = _cluster.Server.CreateClient();
        try
        {
            await client.CustomObjects.CreateNamespacedCustomObjectAsync<JsonElement>(item, "sandcastle.dev", "v1alpha1", TestCluster.Namespace, Plural(kind), dryRun: "All", cancellationToken: Cancelled);
            return null;
        }
        catch (HttpOperationException refused)
        {
            ((int)refused.Response.StatusCode).ShouldBe(422, refused.Response.Content);
            return Message(refused);
        }
    }

    private static string Message(HttpOperationException refused) => Text(JsonNode.Parse(refused.Response.Content)!["message"]);

    private static JsonObject Named(JsonObject item, string kind)
    {
        item["apiVersion"] = "sandcastle.dev/v1alpha1";
        item["kind"] = kind;
        item["metadata"] = new JsonObject { ["name"] = "sound" };
        return item;
    }

    private static void Merge(JsonObject target, JsonObject change)
    {
        foreach (var (name, value) in change)
        {
            if (value is JsonObject section && target[name] is JsonObject below)
            {
                Merge(below, section);
            }
            else
            {
                target[name] = value?.DeepClone();
            }
        }
    }

    private static string Plural(string kind) => kind.ToLowerInvariant() + "s";

    private static string Text(JsonNode? node) => node!.GetValue<string>();
}
