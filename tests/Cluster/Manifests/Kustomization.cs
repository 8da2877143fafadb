using System.Text.Json.Nodes;
using Sandcastle.Testing.ApiServer.Patches;

namespace Sandcastle.Cluster.Manifests;

/// <summary>
/// Builds those kustomizations that only put files together (resources, labels, ConfigMaps made of files), and adds components that patch by
/// position (RFC 6902), so that deploy/base can be judged where there is no kubectl. Whether kubectl builds the same is a test where there is one.
/// </summary>
internal static class Kustomization
{
    private static readonly string[] Understood = ["apiVersion", "kind", "resources", "labels", "configMapGenerator"];

    private static readonly string[] UnderstoodOfComponents = ["apiVersion", "kind", "resources", "patches"];

    /// <summary>The objects with a component put upon them.</summary>
    /// <exception cref="NotSupportedException">The component does more than this can.</exception>
    internal static IReadOnlyList<JsonObject> Add(IReadOnlyList<JsonObject> objects, string component)
    {
        var own = Own(component, UnderstoodOfComponents);
        var all = objects.Select(item => item.DeepClone().AsObject()).Concat(Texts(own["resources"]).SelectMany(name => Resource(Path.Combine(component, name)))).ToList();
        foreach (var patch in Items(own["patches"]))
        {
            var (kind, name) = ((string)patch["target"]!["kind"]!, (string)patch["target"]!["name"]!);
            var target = all.FindIndex(item => item.Kind() == kind && item.Name() == name);
            var operations = new JsonArray([.. YamlObjects.ReadList(Path.Combine(component, (string)patch["path"]!)).Select(operation => operation.DeepClone())]);
            all[target] = JsonPatch.Apply(all[target], operations)!.AsObject();
        }

        return all;
    }

    /// <exception cref="NotSupportedException">The kustomization does more than this can.</exception>
    internal static IReadOnlyList<JsonObject> Build(string directory)
    {
        var own = Own(directory, Understood);
        var objects = Texts(own["resources"]).SelectMany(name => Resource(Path.Combine(directory, name))).ToList();
        foreach (var generator in Items(own["configMapGenerator"]))
        {
            var (generated, plainName) = ConfigMap(directory, generator);
            Refer(objects, plainName, generated.Name());
            objects.Add(generated);
        }

        foreach (var label in Items(own["labels"]).SelectMany(item => item["pairs"]!.AsObject()))
        {
            objects.ForEach(item => Labels(item)[label.Key] = label.Value!.DeepClone());
        }

        return objects;
    }

    private static JsonObject Own(string directory, string[] understood)
    {
        var own = YamlObjects.Read(Path.Combine(directory, "kustomization.yaml")).Single();
        return own.FirstOrDefault(field => !understood.Contains(field.Key)) is { Key: not null } other
            ? throw new NotSupportedException($"{directory}: {other.Key}")
            : own;
    }

    private static IReadOnlyList<JsonObject> Resource(string path) => Directory.Exists(path) ? Build(path) : YamlObjects.Read(path);

    private static (JsonObject Map, string PlainName) ConfigMap(string directory, JsonObject generator)
    {
        var name = (string)generator["name"]!;
        var files = Texts(generator["files"]).Order(StringComparer.Ordinal);
        var data = new JsonObject(files.Select(file =>
            KeyValuePair.Create(Path.GetFileName(file), (JsonNode?)File.ReadAllText(Path.Combine(directory, file)))));
        var map = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["data"] = data,
            ["kind"] = "ConfigMap",
            ["metadata"] = new JsonObject
            {
                ["name"] = $"{name}-{ContentHash.Of(data)}",
                ["namespace"] = (string)generator["namespace"]!,
            },
        };
        return (map, name);
    }

    // Of all that may name a ConfigMap only volumes do, here.
    private static void Refer(IEnumerable<JsonObject> objects, string plainName, string name)
    {
        var volumes =
            from item in objects
            from volume in Items(item["spec"]?["template"]?["spec"]?["volumes"])
            let source = volume["configMap"] as JsonObject
            where source is not null && (string)source["name"]! == plainName
            select source;
        foreach (var source in volumes)
        {
            source["name"] = name;
        }
    }

    private static JsonObject Labels(JsonObject item)
    {
        var metadata = item["metadata"]!.AsObject();
        if (metadata["labels"] is not JsonObject labels)
        {
            metadata["labels"] = labels = [];
        }

        return labels;
    }

    private static IEnumerable<string> Texts(JsonNode? list) => (list as JsonArray ?? []).Select(item => (string)item!);

    private static IEnumerable<JsonObject> Items(JsonNode? list) => (list as JsonArray ?? []).Select(item => item!.AsObject());
}
