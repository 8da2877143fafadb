using System.Text.Json.Nodes;
using Sandcastle.Testing.ApiServer.Errors;
using Sandcastle.Testing.ApiServer.Objects;
using Sandcastle.Testing.ApiServer.Resources;
using Sandcastle.Testing.ApiServer.Storage;

namespace Sandcastle.Testing.ApiServer.Admission;

/// <summary>Pods: a few defaults, the classes they name, and the fields that may change later.</summary>
public sealed class PodRule : IAdmissionRule
{
    private static readonly GroupResource RuntimeClasses = new("node.k8s.io", "runtimeclasses");
    private static readonly GroupResource PriorityClasses = new("scheduling.k8s.io", "priorityclasses");

    public bool Concerns(ResourceDefinition definition) => definition.Resource == BuiltInResources.Pods;

    public void Prepare(AdmissionContext context)
    {
        if (context.Operation != WriteOperation.Create)
        {
            return;
        }

        var spec = context.New.Child("spec");
        Default(spec, "restartPolicy", "Always");
        Default(spec, "terminationGracePeriodSeconds", 30);
        Default(spec, "dnsPolicy", "ClusterFirst");
        Default(spec, "schedulerName", "default-scheduler");
        Default(spec, "serviceAccountName", "default");
        Default(spec, "enableServiceLinks", true);
        spec.Remove("priority");
        context.New["status"] = new JsonObject { ["phase"] = "Pending" };
        ResolveRuntimeClass(context, spec);
        ResolvePriorityClass(context, spec);
    }

    public void Validate(AdmissionContext context)
    {
        if (context.Operation == WriteOperation.Create)
        {
            ValidateContainers(context);
        }
        else if (context.IsMainWrite)
        {
            PodUpdate.Validate(context);
        }
    }

    private static void Default(JsonObject spec, string name, JsonNode value)
    {
        if (spec[name] is null)
        {
            spec[name] = value;
        }
    }

    private static void ResolveRuntimeClass(AdmissionContext context, JsonObject spec)
    {
        if (spec.Text("runtimeClassName") is not { Length: > 0 } name)
        {
            return;
        }

        var found = Find(context, RuntimeClasses, "node.k8s.io/v1", "RuntimeClass", name)
            ?? throw Refusal.Forbidden(context.Definition.Resource, context.New.Key().Name, $"pod rejected: RuntimeClass \"{name}\" not found");
        if (found.At("overhead.podFixed") is JsonObject overhead)
        {
            spec["overhead"] = overhead.DeepClone();
        }
    }

    private static void ResolvePriorityClass(AdmissionContext context, JsonObject spec)
    {
        if (spec.Text("priorityClassName") is not { Length: > 0 } name)
        {
            spec["priority"] = 0;
            return;
        }

        spec["priority"] = name switch
        {
            "system-node-critical" => 2000001000,
            "system-cluster-critical" => 2000000000,
            _ => (Find(context, PriorityClasses, "scheduling.k8s.io/v1", "PriorityClass", name)
                ?? throw Refusal.Forbidden(context.Definition.Resource, context.New.Key().Name, $"no PriorityClass with name {name} was found")).Number("value") ?? 0,
        };
    }

    private static JsonObject? Find(AdmissionContext context, GroupResource resource, string apiVersion, string kind, string name)
    {
        var definition = new ResourceDefinition { Version = apiVersion.Split('/')[1], Group = resource.Group, Plural = resource.Plural, Kind = kind, Namespaced = false };
        return context.Store.Get(resource, new ObjectKey("", name))?.Read(definition);
    }

    private static void ValidateContainers(AdmissionContext context)
    {
        var containers = context.New.Items("spec.containers").ToList();
        if (containers.Count == 0)
        {
            context.Errors.Add(FieldError.Required("spec.containers"));
        }

        var names = new HashSet<string>();
        foreach (var (container, index) in containers.Select((container, index) => (container, index)))
        {
            var path = $"spec.containers[{index}]";
            foreach (var field in new[] { "name", "image" }.Where(field => container.Text(field).Length == 0))
            {
                context.Errors.Add(FieldError.Required($"{path}.{field}"));
            }

            if (!names.Add(container.Text("name")))
            {
                context.Errors.Add(FieldError.Duplicate($"{path}.name", container.Text("name")));
            }

            ValidateRequests(context, container, path);
        }
    }

    private static void ValidateRequests(AdmissionContext context, JsonObject container, string path)
    {
        var limits = container.At("resources.limits") as JsonObject;
        foreach (var (name, request) in container.At("resources.requests") as JsonObject ?? [])
        {
            if (!Quantity.TryParse(request, out var asked))
            {
                context.Errors.Add(FieldError.Invalid($"{path}.resources.requests[{name}]", request?.DeepClone(), "quantities must match the regular expression of a number and a suffix"));
            }
            else if (limits?[name] is { } limit && Quantity.TryParse(limit, out var most) && asked > most)
            {
                context.Errors.Add(FieldError.Invalid($"{path}.resources.requests", request?.DeepClone(), $"must be less than or equal to {name} limit of {limit}"));
            }
        }
    }
}
