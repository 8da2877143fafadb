using System.Text.Json.Nodes;
using Sandcastle.Testing.ApiServer.Objects;
using Sandcastle.Testing.ApiServer.Resources;
using Sandcastle.Testing.ApiServer.Selectors;
using Sandcastle.Testing.ApiServer.Storage;

namespace Sandcastle.Testing.ApiServer.Kueue;

/// <summary>Kueue's objects, read and written under the store's gate.</summary>
internal sealed class KueueState(ObjectStore store, ResourceCatalogue catalogue, ObjectWriter writer)
{
    public ObjectStore Store => store;

    public IReadOnlyList<JsonObject> All(GroupResource resource)
    {
        var definition = Definition(resource);
        return definition is null ? [] : [.. store.Snapshot(resource).Values.Select(one => one.Read(definition))];
    }

    public JsonObject? Find(GroupResource resource, string @namespace, string name) =>
        Definition(resource) is { } definition ? store.Get(resource, new ObjectKey(@namespace, name))?.Read(definition) : null;

    public IReadOnlyDictionary<string, JsonObject> ByName(GroupResource resource) => All(resource).ToDictionary(one => one.Key().Name);

    /// <summary>Changes the status; <paramref name="change"/> works on a copy of the present object.</summary>
    public void UpdateStatus(GroupResource resource, JsonObject value, Action<JsonObject> change) => Update(resource, value, "status", change);

    /// <summary>Changes the object itself.</summary>
    public void Update(GroupResource resource, JsonObject value, Action<JsonObject> change) => Update(resource, value, "", change);

    public JsonObject? LocalQueueOf(JsonObject workload) => Find(KueueResources.LocalQueues, workload.Key().Namespace, workload.Text("spec.queueName"));

    public JsonObject? ClusterQueueOf(JsonObject workload) =>
        LocalQueueOf(workload) is { } queue ? Find(KueueResources.ClusterQueues, "", queue.Text("spec.clusterQueue")) : null;

    /// <summary>Why a ClusterQueue takes nothing; both empty when it does.</summary>
    public (string Reason, string Message) Inactive(JsonObject clusterQueue)
    {
        var (flavors, checks) = (ByName(KueueResources.ResourceFlavors), ByName(KueueResources.AdmissionChecks));
        var reasons = new List<(string Reason, string Message)>();
        if (IsStopped(clusterQueue))
        {
            reasons.Add(("Stopped", "is stopped"));
        }

        var missing = clusterQueue.Items("spec.resourceGroups").SelectMany(group => group.Items("flavors")).Select(one => one.Text("name")).Where(name => !flavors.ContainsKey(name)).ToList();
        if (missing.Count > 0)
        {
            reasons.Add(("FlavorNotFound", $"references missing ResourceFlavor(s): {string.Join(',', missing)}"));
        }

        var named = clusterQueue.Items("spec.admissionChecksStrategy.admissionChecks").Select(one => one.Text("name")).ToList();
        if (named.Where(name => !checks.ContainsKey(name)).ToList() is { Count: > 0 } lost)
        {
            reasons.Add(("AdmissionCheckNotFound", $"references missing AdmissionCheck(s): {string.Join(',', lost)}"));
        }

        if (named.Where(name => checks.TryGetValue(name, out var check) && !check.Is("Active")).ToList() is { Count: > 0 } idle)
        {
            reasons.Add(("AdmissionCheckInactive", $"references inactive AdmissionCheck(s): {string.Join(',', idle)}"));
        }

        return reasons.Count == 0 ? ("", "") : (reasons[0].Reason, $"Can't admit new workloads: {string.Join(", ", reasons.Select(one => one.Message))}.");
    }

    public static bool IsStopped(JsonObject queue) => queue.Text("spec.stopPolicy") is not ("" or "None");

    /// <summary>A missing namespaceSelector matches no namespace, an empty one all.</summary>
    public bool Selects(JsonObject clusterQueue, string @namespace)
    {
        if (clusterQueue.At("spec.namespaceSelector") is not JsonObject selector)
        {
            return false;
        }

        var labels = store.Get(BuiltInResources.Namespaces, new ObjectKey("", @namespace))?.Labels ?? [];
        var terms = (selector["matchLabels"] as JsonObject ?? []).Select(one => $"{one.Key}={one.Value}").Concat(selector.Items("matchExpressions").Select(Term));
        return LabelSelector.Parse(string.Join(',', terms)).Matches(labels);
    }

    private static string Term(JsonObject expression)
    {
        var (key, values) = (expression.Text("key"), string.Join(',', expression.Texts("values")));
        return expression.Text("operator") switch
        {
            "In" => $"{key} in ({values})",
            "NotIn" => $"{key} notin ({values})",
            "DoesNotExist" => $"!{key}",
            _ => key,
        };
    }

    private void Update(GroupResource resource, JsonObject value, string subresource, Action<JsonObject> change) =>
        writer.Update(Definition(resource)!, value.Key(), subresource, present =>
        {
            present.Metadata().Remove("resourceVersion");
            change(present);
            return present;
        }, WriteOptions.Default);

    private ResourceDefinition? Definition(GroupResource resource) => catalogue.Find(resource.Group, KueueResources.Version, resource.Plural);
}
