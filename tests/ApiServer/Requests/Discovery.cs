using System.Text.Json.Nodes;
using Sandcastle.Testing.ApiServer.Resources;

namespace Sandcastle.Testing.ApiServer.Requests;

/// <summary>The documents from which clients learn what is served.</summary>
internal static class Discovery
{
    private static readonly string[] Verbs = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];

    /// <summary>The document at a path, or null when there is none.</summary>
    public static JsonNode? Find(ResourceCatalogue catalogue, string path) => path.Split('/', StringSplitOptions.RemoveEmptyEntries) switch
    {
        ["api"] => new JsonObject { ["kind"] = "APIVersions", ["versions"] = new JsonArray("v1"), ["serverAddressByClientCIDRs"] = new JsonArray() },
        ["apis"] => new JsonObject { ["kind"] = "APIGroupList", ["apiVersion"] = "v1", ["groups"] = new JsonArray([.. Groups(catalogue)]) },
        ["apis", var group] => Groups(catalogue).FirstOrDefault(one => one["name"]!.GetValue<string>() == group) is { } found ? Versioned(found) : null,
        ["api", "v1"] => Resources(catalogue, "", "v1"),
        ["apis", var group, var version] => Resources(catalogue, group, version),
        ["version"] => new JsonObject
        {
            ["major"] = "1",
            ["minor"] = "35",
            ["gitVersion"] = "v1.35.0-sandcastle-testing",
            ["gitCommit"] = "",
            ["gitTreeState"] = "clean",
            ["buildDate"] = "1970-01-01T00:00:00Z",
            ["goVersion"] = "none",
            ["compiler"] = "none",
            ["platform"] = "linux/amd64",
        },
        _ => null,
    };

    private static IEnumerable<JsonNode> Groups(ResourceCatalogue catalogue) =>
        catalogue.All.Where(one => one.Group.Length > 0).Concat(Reviews).GroupBy(one => one.Group).Select(group =>
        {
            var versions = group.Select(one => one.Version).Distinct().Select(version => new JsonObject { ["groupVersion"] = $"{group.Key}/{version}", ["version"] = version }).ToList();
            return (JsonNode)new JsonObject
            {
                ["name"] = group.Key,
                ["versions"] = new JsonArray([.. versions.Select(one => one.DeepClone())]),
                ["preferredVersion"] = versions[0].DeepClone(),
            };
        });

    private static JsonObject Versioned(JsonNode group)
    {
        var document = group.DeepClone().AsObject();
        document["kind"] = "APIGroup";
        document["apiVersion"] = "v1";
        return document;
    }

    private static JsonObject? Resources(ResourceCatalogue catalogue, string group, string version)
    {
        var served = catalogue.All.Concat(Reviews).Where(one => one.Group == group && one.Version == version).ToList();
        if (served.Count == 0)
        {
            return null;
        }

        return new JsonObject
        {
            ["kind"] = "APIResourceList",
            ["apiVersion"] = "v1",
            ["groupVersion"] = served[0].ApiVersion,
            ["resources"] = new JsonArray([.. served.SelectMany(Entries)]),
        };
    }

    private static IEnumerable<JsonNode> Entries(ResourceDefinition definition)
    {
        var isReview = definition.Plural.EndsWith("reviews", StringComparison.Ordinal);
        var main = Entry(definition, definition.Plural, definition.Kind, isReview ? ["create"] : Verbs);
        main["singularName"] = definition.Singular ?? definition.Kind.ToLowerInvariant();
        if (definition.ShortNames.Count > 0)
        {
            main["shortNames"] = new JsonArray([.. definition.ShortNames.Select(one => (JsonNode)one)]);
        }

        if (definition.Categories.Count > 0)
        {
            main["categories"] = new JsonArray([.. definition.Categories.Select(one => (JsonNode)one)]);
        }

        yield return main;
        if (definition.HasStatus)
        {
            yield return Entry(definition, $"{definition.Plural}/status", definition.Kind, ["get", "patch", "update"]);
        }

        if (definition.Scale is not null)
        {
            var scale = Entry(definition, $"{definition.Plural}/scale", "Scale", ["get", "patch", "update"]);
            (scale["group"], scale["version"]) = ("autoscaling", "v1");
            yield return scale;
        }

        foreach (var (name, kind, verbs) in Others(definition.Resource))
        {
            yield return Entry(definition, $"{definition.Plural}/{name}", kind, verbs);
        }
    }

    private static (string Name, string Kind, string[] Verbs)[] Others(GroupResource resource) => resource.ToString() switch
    {
        "pods" => [("binding", "Binding", ["create"]), ("eviction", "Eviction", ["create"]), ("proxy", "PodProxyOptions", ["create", "delete", "get", "patch", "update"])],
        "services" => [("proxy", "ServiceProxyOptions", ["create", "delete", "get", "patch", "update"])],
        "serviceaccounts" => [("token", "TokenRequest", ["create"])],
        _ => [],
    };

    private static JsonObject Entry(ResourceDefinition definition, string name, string kind, string[] verbs) => new()
    {
        ["name"] = name,
        ["singularName"] = "",
        ["namespaced"] = definition.Namespaced,
        ["kind"] = kind,
        ["verbs"] = new JsonArray([.. verbs.Select(verb => (JsonNode)verb)]),
    };

    private static readonly ResourceDefinition[] Reviews =
    [
        new() { Group = "authentication.k8s.io", Version = "v1", Plural = "tokenreviews", Kind = "TokenReview", Namespaced = false },
        new() { Group = "authentication.k8s.io", Version = "v1", Plural = "selfsubjectreviews", Kind = "SelfSubjectReview", Namespaced = false },
        new() { Group = "authorization.k8s.io", Version = "v1", Plural = "selfsubjectaccessreviews", Kind = "SelfSubjectAccessReview", Namespaced = false },
        new() { Group = "authorization.k8s.io", Version = "v1", Plural = "subjectaccessreviews", Kind = "SubjectAccessReview", Namespaced = false },
    ];
}
