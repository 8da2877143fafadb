using System.Text.Json;
using System.Text.Json.Nodes;
using k8s;
using k8s.Models;

namespace Sandcastle.Testing.ApiServer.Tests.Definitions;

/// <summary>With widgets defined through the API.</summary>
public abstract class DefinitionTest : ServerTest
{
    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        var definition = KubernetesJson.Deserialize<V1CustomResourceDefinition>(Widgets.Definition().ToJsonString());
        await Client.ApiextensionsV1.CreateCustomResourceDefinitionAsync(definition, cancellationToken: Cancellation);
    }

    protected async Task<JsonObject> CreateAsync(JsonObject widget) => Read(
        await Client.CustomObjects.CreateNamespacedCustomObjectAsync<JsonElement>(widget, "example.com", "v1", "default", "widgets", cancellationToken: Cancellation));

    protected async Task<JsonObject> PatchAsync(string name, string patch) => Read(await Client.CustomObjects.PatchNamespacedCustomObjectAsync<JsonElement>(
        Merge(patch), "example.com", "v1", "default", "widgets", name, cancellationToken: Cancellation));

    protected async Task<JsonObject> PatchStatusAsync(string name, string patch) => Read(await Client.CustomObjects.PatchNamespacedCustomObjectStatusAsync<JsonElement>(
        Merge(patch), "example.com", "v1", "default", "widgets", name, cancellationToken: Cancellation));

    protected static V1Patch Merge(string patch) => new(JsonNode.Parse(patch), V1Patch.PatchType.MergePatch);

    protected static JsonObject Read(JsonElement element) => JsonObject.Create(element)!;
}
