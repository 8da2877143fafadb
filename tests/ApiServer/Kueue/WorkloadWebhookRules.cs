using System.Text.Json.Nodes;
using Sandcastle.Testing.ApiServer.Errors;
using Sandcastle.Testing.ApiServer.Objects;

namespace Sandcastle.Testing.ApiServer.Kueue;

/// <summary>What Kueue's validating webhook refuses, on the object and on its status.</summary>
internal static class WorkloadWebhookRules
{
    private const string Immutable = "field is immutable";

    public static IEnumerable<FieldError> Validate(JsonObject workload, JsonObject? old)
    {
        var errors = new List<FieldError>();
        PodSets(workload, errors);
        if (workload.HasQuotaReserved())
        {
            Admission(workload, old, errors);
        }

        Conditions(workload, errors);
        ReclaimableRules.Validate(workload, old, errors);
        CheckUpdates(workload, errors);
        if (old is not null)
        {
            Update(workload, old, errors);
        }

        return errors;
    }

    private static void Update(JsonObject workload, JsonObject old, List<FieldError> errors)
    {
        if (old.HasQuotaReserved())
        {
            ImmutablePodSets(workload, old, errors);
            if (workload.HasQuotaReserved())
            {
                ReclaimableRules.ValidateUpdate(workload, old, errors);
            }
        }

        AdmissionUpdate(workload, old, errors);
        foreach (var (before, index) in old.Items("status.admissionChecks").Select((before, index) => (before, index)))
        {
            var after = workload.Items("status.admissionChecks").FirstOrDefault(one => one.Text("name") == before.Text("name"));
            if (before.Text("state") == "Ready" && after.Text("state") == "Ready" && !JsonNode.DeepEquals(before["podSetUpdates"], after!["podSetUpdates"]))
            {
                errors.Add(FieldError.Invalid($"status.admissionChecks[{index}].podSetUpdates", after["podSetUpdates"]?.DeepClone(), Immutable));
            }
        }
    }

    private static void PodSets(JsonObject workload, List<FieldError> errors)
    {
        var podSets = workload.PodSets();
        for (var i = 0; i < podSets.Count; i++)
        {
            foreach (var kind in new[] { "initContainers", "containers" })
            {
                foreach (var (container, index) in podSets[i].Items($"template.spec.{kind}").Select((container, index) => (container, index)))
                {
                    Resources(container.At("resources"), $"spec.podSets[{i}].template.spec.{kind}[{index}].resources", errors);
                }
            }

            Resources(podSets[i].At("template.spec.resources"), $"spec.podSets[{i}].template.spec.resources", errors);
        }

        var variable = podSets.Count(one => one.At("minCount") is not null);
        if (variable > 1)
        {
            errors.Add(FieldError.Invalid("spec.podSets", variable, "at most one podSet can use minCount"));
        }

        if (variable > 0 && workload.IsElastic())
        {
            errors.Add(FieldError.Invalid("spec.podSets", variable, "partial admission and elastic job cannot be used together"));
        }
    }

    private static void Resources(JsonNode? resources, string path, List<FieldError> errors)
    {
        foreach (var kind in new[] { "requests", "limits" })
        {
            foreach (var (name, value) in resources?[kind] as JsonObject ?? [])
            {
                if (name == "pods")
                {
                    errors.Add(FieldError.Invalid($"{path}.{kind}[{name}]", "pods", "the key is reserved for internal kueue use"));
                }

                if (Quantity.TryParse(value, out var quantity) && quantity < Quantity.Zero)
                {
                    errors.Add(FieldError.Invalid($"{path}.{kind}[{name}]", value?.DeepClone(), "must be greater than or equal to 0"));
                }
            }
        }
    }

    private static void Admission(JsonObject workload, JsonObject? old, List<FieldError> errors)
    {
        if (workload.At("status.admission") is not JsonObject admission)
        {
            // One that was like this already may go on, so that it can converge.
            if (old is null || !old.HasQuotaReserved() || old.At("status.admission") is not null)
            {
                errors.Add(FieldError.Required("status.admission", "must be set while the QuotaReserved condition is true"));
            }

            return;
        }

        var names = workload.PodSets().Select(one => one.Text("name")).ToHashSet();
        foreach (var (assignment, index) in admission.Items("podSetAssignments").Select((assignment, index) => (assignment, index)))
        {
            var path = $"status.admission.podSetAssignments[{index}]";
            if (!names.Contains(assignment.Text("name")))
            {
                errors.Add(FieldError.NotFound($"{path}.name", assignment.Text("name")));
            }

            foreach (var (name, usage) in assignment["resourceUsage"] as JsonObject ?? [])
            {
                // Kueue counts cpu in thousandths, everything else whole.
                var units = Quantity.TryParse(usage, out var quantity) ? quantity.Value * (name == "cpu" ? 1000 : 1) : 0;
                if (assignment.Number("count") is > 0 and var count && units % count != 0)
                {
                    errors.Add(FieldError.Invalid($"{path}.resourceUsage[{name}]", usage?.DeepClone(), $"is not a multiple of {count}"));
                }
            }
        }
    }

    private static void Conditions(JsonObject workload, List<FieldError> errors)
    {
        foreach (var (condition, index) in workload.Items("status.conditions").Select((condition, index) => (condition, index)))
        {
            foreach (var field in new[] { "type", "reason", "lastTransitionTime" }.Where(field => condition.Text(field).Length == 0))
            {
                errors.Add(FieldError.Required($"status.conditions[{index}].{field}", field == "lastTransitionTime" ? "must be set" : ""));
            }

            if (condition.Text("status") is not ("True" or "False" or "Unknown") and var status)
            {
                errors.Add(FieldError.NotSupported($"status.conditions[{index}].status", status, ["False", "True", "Unknown"]));
            }
        }
    }

    private static void CheckUpdates(JsonObject workload, List<FieldError> errors)
    {
        var names = workload.PodSets().Select(one => one.Text("name")).Order(StringComparer.Ordinal).ToList();
        foreach (var (check, index) in workload.Items("status.admissionChecks").Select((check, index) => (check, index)))
        {
            foreach (var (update, at) in check.Items("podSetUpdates").Select((update, at) => (update, at)))
            {
                if (!names.Contains(update.Text("name")))
                {
                    errors.Add(FieldError.NotSupported($"status.admissionChecks[{index}].podSetUpdates[{at}].name", update.Text("name"), names));
                }
            }
        }
    }

    private static void ImmutablePodSets(JsonObject workload, JsonObject old, List<FieldError> errors)
    {
        var (before, after) = (old.PodSets(), workload.PodSets());
        if (before.Count != after.Count)
        {
            errors.Add(FieldError.Invalid("spec.podSets", workload.At("spec.podSets")?.DeepClone(), Immutable));
            return;
        }

        for (var i = 0; i < before.Count; i++)
        {
            var next = after[i].DeepClone().AsObject();
            // Only the count may change, and only downwards.
            if (next.Number("count") < before[i].Number("count"))
            {
                next["count"] = before[i]["count"]!.DeepClone();
            }

            if (!JsonNode.DeepEquals(before[i], next))
            {
                errors.Add(FieldError.Invalid($"spec.podSets.{i}", after[i].DeepClone(), Immutable));
            }
        }
    }

    private static void AdmissionUpdate(JsonObject workload, JsonObject old, List<FieldError> errors)
    {
        if (old.At("status.admission") is not JsonObject before || workload.At("status.admission") is not JsonObject after)
        {
            return;
        }

        if (!JsonNode.DeepEquals(WithoutTopology(before), WithoutTopology(after)))
        {
            errors.Add(FieldError.Invalid("status.admission", after.DeepClone(), Immutable));
        }
    }

    private static JsonObject WithoutTopology(JsonObject admission)
    {
        var value = admission.DeepClone().AsObject();
        foreach (var assignment in value.Items("podSetAssignments"))
        {
            assignment.Remove("topologyAssignment");
            assignment.Remove("delayedTopologyRequest");
        }

        return value;
    }
}
