using System.Text.Json.Nodes;
using Sandcastle.Testing.ApiServer.Errors;
using Sandcastle.Testing.ApiServer.Objects;

namespace Sandcastle.Testing.ApiServer.Admission;

/// <summary>Which fields of a Pod's spec may change after it was created.</summary>
internal static class PodUpdate
{
    public static void Validate(AdmissionContext context)
    {
        var (old, next) = (Spec(context.Old!), Spec(context.New));
        ValidateGates(context, old, next);
        ValidateTolerations(context, old, next);
        if (old.Items("schedulingGates").Any())
        {
            // A gated Pod may still be told where to run.
            Drop(old, next, "nodeSelector", "affinity");
        }

        Drop(old, next, "schedulingGates", "tolerations", "activeDeadlineSeconds", "terminationGracePeriodSeconds");
        foreach (var container in new[] { old, next }.SelectMany(spec => spec.Items("containers").Concat(spec.Items("initContainers"))))
        {
            container.Remove("image");
        }

        if (!JsonNode.DeepEquals(old, next))
        {
            context.Errors.Add(FieldError.Forbidden("spec",
                "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,"
                + "`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)"));
        }
    }

    private static JsonObject Spec(JsonObject pod) => pod["spec"]?.DeepClone().AsObject() ?? [];

    private static void ValidateGates(AdmissionContext context, JsonObject old, JsonObject next)
    {
        var before = old.Items("schedulingGates").Select(gate => gate.Text("name")).ToList();
        foreach (var (gate, index) in next.Items("schedulingGates").Select((gate, index) => (gate.Text("name"), index)).Where(one => !before.Contains(one.Item1)))
        {
            context.Errors.Add(FieldError.Forbidden($"spec.schedulingGates[{index}].name", $"only deletion is allowed, but found new scheduling gate '{gate}'"));
        }
    }

    private static void ValidateTolerations(AdmissionContext context, JsonObject old, JsonObject next)
    {
        var after = next.Items("tolerations").ToList();
        if (old.Items("tolerations").Any(toleration => !after.Exists(one => JsonNode.DeepEquals(one, toleration))))
        {
            context.Errors.Add(FieldError.Forbidden("spec.tolerations", "existing toleration can not be modified except its tolerationSeconds"));
        }
    }

    private static void Drop(JsonObject old, JsonObject next, params string[] names)
    {
        foreach (var name in names)
        {
            old.Remove(name);
            next.Remove(name);
        }
    }
}
