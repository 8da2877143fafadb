using System.Text.Json.Nodes;
using Sandcastle.Testing.ApiServer.Admission;
using Sandcastle.Testing.ApiServer.Errors;
using Sandcastle.Testing.ApiServer.Objects;

namespace Sandcastle.Testing.ApiServer.Kueue;

/// <summary>What Kueue's definition of Workloads says in CEL, and the bounds that hold even where only the permissive definition is installed.</summary>
internal static class WorkloadDefinitionRules
{
    private const int MostPodSets = 18;

    public static void Validate(AdmissionContext context)
    {
        var (workload, errors) = (context.New, context.Errors);
        if (context.Definition.Schema is null)
        {
            Bounds(workload, errors);
        }

        PriorityClass(workload, errors);
        if (workload.HasQuotaReserved() && workload.At("status.admission") is JsonObject
            && workload.PodSets().Count != workload.Items("status.admission.podSetAssignments").Count())
        {
            errors.Add(Whole("podSetAssignments must have the same number of podSets as the spec"));
        }

        if (context.Old is { } old && old.HasQuotaReserved())
        {
            WhileReserved(workload, old, errors);
        }
    }

    private static void WhileReserved(JsonObject workload, JsonObject old, List<FieldError> errors)
    {
        var (was, now) = (old.At("spec.priorityClassRef"), workload.At("spec.priorityClassRef"));
        if (was is null != now is null)
        {
            errors.Add(Whole("priorityClassRef is immutable while workload quota reserved"));
        }
        else if (was is not null)
        {
            foreach (var field in new[] { "group", "kind" }.Where(field => was.Text(field) != now.Text(field)))
            {
                errors.Add(Whole($"priorityClassRef.{field} is immutable while workload quota reserved"));
            }

            if (now.Text("group") == "scheduling.k8s.io" && was.Text("name") != now.Text("name"))
            {
                errors.Add(Whole("priorityClassRef.name is immutable for scheduling.k8s.io/priorityclass while workload quota reserved"));
            }
        }

        if (workload.HasQuotaReserved() && old.Text("spec.queueName") != workload.Text("spec.queueName"))
        {
            errors.Add(Whole("queueName is immutable while workload quota reserved"));
        }

        if (old.Is("Admitted") && workload.Is("Admitted")
            && (old.Number("spec.maximumExecutionTimeSeconds") ?? 0) != (workload.Number("spec.maximumExecutionTimeSeconds") ?? 0))
        {
            errors.Add(Whole("maximumExecutionTimeSeconds is immutable while workload quota reserved"));
        }
    }

    private static void PriorityClass(JsonObject workload, List<FieldError> errors)
    {
        if (workload.At("spec.priorityClassRef") is not JsonObject reference)
        {
            return;
        }

        if (workload.At("spec.priority") is null)
        {
            errors.Add(FieldError.Invalid("spec", "object", "priority should not be nil when priorityClassRef is set"));
        }

        foreach (var (group, kind) in new[] { ("scheduling.k8s.io", "PriorityClass"), ("kueue.x-k8s.io", "WorkloadPriorityClass") })
        {
            if (reference.Text("group") == group && reference.Text("kind") != kind)
            {
                errors.Add(FieldError.Invalid("spec.priorityClassRef", "object", $"only the {kind} kind is allowed for the {group} group"));
            }
        }
    }

    private static void Bounds(JsonObject workload, List<FieldError> errors)
    {
        var podSets = workload.PodSets();
        if (podSets.Count == 0)
        {
            errors.Add(FieldError.Invalid("spec.podSets", 0, "spec.podSets in body should have at least 1 items"));
        }
        else if (podSets.Count > MostPodSets)
        {
            errors.Add(FieldError.TooMany("spec.podSets", podSets.Count, MostPodSets));
        }

        foreach (var (podSet, index) in podSets.Select((podSet, index) => (podSet, index)))
        {
            if (podSet.At("template") is null)
            {
                errors.Add(FieldError.Required($"spec.podSets[{index}].template"));
            }

            if (podSet.Number("count") is < 0 and var count)
            {
                errors.Add(FieldError.Invalid($"spec.podSets[{index}].count", count, $"spec.podSets[{index}].count in body should be greater than or equal to 0"));
            }

            if (podSets.Take(index).Any(one => one.Text("name") == podSet.Text("name")))
            {
                errors.Add(FieldError.Duplicate($"spec.podSets[{index}]", new JsonObject { ["name"] = podSet.Text("name") }));
            }
        }
    }

    // A rule at the root of a definition has no path; the real server prints that as <nil>.
    private static FieldError Whole(string message) => FieldError.Invalid("<nil>", "object", message);
}
