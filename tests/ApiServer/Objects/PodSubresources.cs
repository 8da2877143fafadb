using System.Text.Json.Nodes;
using Sandcastle.Testing.ApiServer.Errors;
using Sandcastle.Testing.ApiServer.Resources;
using Sandcastle.Testing.ApiServer.Selectors;
using Sandcastle.Testing.ApiServer.Storage;

namespace Sandcastle.Testing.ApiServer.Objects;

/// <summary>The <c>binding</c> and <c>eviction</c> of Pods.</summary>
/// <remarks>A disruption budget allows what its <c>status.disruptionsAllowed</c> says; nothing here computes that figure.</remarks>
internal sealed class PodSubresources(ObjectStore store, ObjectWriter writer, ObjectRemoval removal, ResourceCatalogue catalogue, TimeProvider time)
{
    /// <exception cref="ApiException">409: already bound; 404; 400: no target.</exception>
    public void Bind(ResourceDefinition pods, ObjectKey key, JsonObject binding)
    {
        var node = binding.Text("target.name");
        if (node.Length == 0)
        {
            throw Refusal.BadRequest("target.name: Required value");
        }

        writer.Update(pods, key, "binding", pod => Bound(pod, node), WriteOptions.Default);
    }

    /// <exception cref="ApiException">429: a budget forbids it; 404.</exception>
    public void Evict(ResourceDefinition pods, ObjectKey key, JsonObject eviction)
    {
        lock (store.Gate)
        {
            var pod = store.Get(pods.Resource, key) ?? throw Refusal.NotFound(pods.Resource, key.Name);
            var budgets = catalogue.Find("policy", "v1", "poddisruptionbudgets")!;
            // One that does not run yet, or no more, is no disruption.
            var guarded = pod.Fields["status.phase"] == "Running" && !pod.IsDeleting;
            foreach (var budget in store.Snapshot(budgets.Resource).Values.Where(one => one.Key.Namespace == key.Namespace).Select(one => one.Read(budgets)))
            {
                if (guarded && Selects(budget, pod) && budget.Number("status.disruptionsAllowed") is not > 0)
                {
                    throw new ApiException(429, "TooManyRequests", "Cannot evict pod as it would violate the pod's disruption budget.", new JsonObject
                    {
                        ["causes"] = new JsonArray(new JsonObject { ["reason"] = "DisruptionBudget", ["message"] = $"The disruption budget {budget.Key().Name} does not allow it" }),
                    });
                }
            }

            removal.Delete(pods, key, DeleteOptions.Read(eviction["deleteOptions"] as JsonObject));
        }
    }

    private JsonObject Bound(JsonObject pod, string node)
    {
        var name = pod.Key().Name;
        if (pod.Text("spec.nodeName") is { Length: > 0 } present)
        {
            throw Refusal.Conflict(new GroupResource("", "pods/binding"), name, $"pod {name} is already assigned to node \"{present}\"");
        }

        if (pod.IsDeleting())
        {
            throw Refusal.Conflict(new GroupResource("", "pods/binding"), name, $"pod {name} is being deleted, cannot be assigned to a host");
        }

        if (pod.Items("spec.schedulingGates").Any())
        {
            throw Refusal.Conflict(new GroupResource("", "pods/binding"), name, $"pod {name} has non-empty .spec.schedulingGates");
        }

        pod.Put("spec.nodeName", node);
        var conditions = pod.Child("status")["conditions"] as JsonArray ?? [];
        conditions = [.. conditions.OfType<JsonObject>().Where(one => one.Text("type") != "PodScheduled").Select(one => one.DeepClone())];
        conditions.Add(new JsonObject { ["type"] = "PodScheduled", ["status"] = "True", ["lastTransitionTime"] = time.Timestamp() });
        pod.Put("status.conditions", conditions);
        return pod;
    }

    private static bool Selects(JsonObject budget, StoredObject pod) =>
        budget.At("spec.selector.matchLabels") is JsonObject labels
        && LabelSelector.Parse(string.Join(',', labels.Select(label => $"{label.Key}={label.Value}"))).Matches(pod.Labels);
}
