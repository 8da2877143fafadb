using System.Text.Json.Nodes;

namespace Sandcastle.Cluster.Manifests;

/// <summary>A field of deploy/base that the chart lets its user set.</summary>
/// <param name="Applies">Whether an object has the field.</param>
/// <param name="Path">To the field: names, and positions in lists.</param>
/// <param name="Key">In values.yaml.</param>
internal sealed record HelmValue(Func<JsonObject, bool> Applies, string Path, string Key)
{
    /// <summary>Every one there is. A field that several objects share is named once for each place.</summary>
    internal static IReadOnlyList<HelmValue> All { get; } =
    [
        Of("Deployment", "sandcastle-manager", "spec.template.spec.containers.0.image", "images.manager"),
        Of("Deployment", "sandcastle-manager", "spec.replicas", "manager.replicas"),
        Of("Deployment", "sandcastle-manager", "spec.template.spec.containers.0.resources.requests.cpu", "manager.cpu"),
        Of("Deployment", "sandcastle-manager", "spec.template.spec.containers.0.resources.limits.cpu", "manager.cpu"),
        Of("Deployment", "sandcastle-manager", "spec.template.spec.containers.0.resources.requests.memory", "manager.memory"),
        Of("Deployment", "sandcastle-manager", "spec.template.spec.containers.0.resources.limits.memory", "manager.memory"),
        Of("Deployment", "sandcastle-operator", "spec.template.spec.containers.0.image", "images.manager"),
        Of("Deployment", "sandcastle-operator", "spec.replicas", "operator.replicas"),
        Of("Deployment", "sandcastle-operator", "spec.template.spec.containers.0.args.5", "certificates"),
        Of("DaemonSet", "sandcastle-node", "spec.template.spec.containers.0.image", "images.worker"),
        Of("DaemonSet", "sandcastle-node", "spec.template.spec.initContainers.0.image", "images.worker"),
        Of("NetworkPolicy", "sandcastle-workers", "spec.ingress.1.from.0.ipBlock.cidr", "apiServerCidr"),
        Of("PersistentVolumeClaim", "sandcastle-ledger", "spec.resources.requests.storage", "ledger.storage"),
        Of("RuntimeClass", "sandcastle", "handler", "runtime.handler"),
    ];

    /// <summary>The field's parent and its name or position there.</summary>
    /// <exception cref="InvalidOperationException">The object has no such field.</exception>
    internal JsonNode Parent(JsonObject item, out string last)
    {
        var names = Path.Split('.');
        last = names[^1];
        JsonNode at = item;
        foreach (var name in names[..^1])
        {
            at = (at is JsonArray list ? list[int.Parse(name)] : at[name]) ?? throw new InvalidOperationException($"{item.Reference()} has no {Path}");
        }

        return (at is JsonArray items ? items[int.Parse(last)] : at[last]) is null ? throw new InvalidOperationException($"{item.Reference()} has no {Path}") : at;
    }

    private static HelmValue Of(string kind, string name, string path, string key) =>
        new(item => item.Kind() == kind && item.Name() == name, path, key);
}
