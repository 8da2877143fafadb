using Sandcastle.Testing.ApiServer.Errors;
using Sandcastle.Testing.ApiServer.Objects;
using Sandcastle.Testing.ApiServer.Resources;

namespace Sandcastle.Testing.ApiServer.Admission;

/// <summary>Services: a cluster IP that stays, and ports with their defaults.</summary>
public sealed class ServiceRule : IAdmissionRule
{
    public bool Concerns(ResourceDefinition definition) => definition.Resource == BuiltInResources.Services;

    public void Prepare(AdmissionContext context)
    {
        var spec = context.New.Child("spec");
        if (spec.Text("type").Length == 0)
        {
            spec["type"] = "ClusterIP";
        }

        foreach (var port in spec.Items("ports"))
        {
            port["protocol"] ??= "TCP";
            port["targetPort"] ??= port["port"]?.DeepClone();
        }

        if (context.Old is not null)
        {
            spec["clusterIP"] ??= context.Old.At("spec.clusterIP")?.DeepClone();
        }
        else if (spec.Text("clusterIP").Length == 0 && spec.Text("type") != "ExternalName")
        {
            // The first address of the usual service network is the API server's own.
            var number = context.Store.Revision + 2;
            spec["clusterIP"] = $"10.96.{number / 250 % 256}.{number % 250}";
        }
    }

    public void Validate(AdmissionContext context)
    {
        var ports = context.New.Items("spec.ports").ToList();
        if (ports.Count == 0 && context.New.Text("spec.clusterIP") != "None" && context.New.Text("spec.type") != "ExternalName")
        {
            context.Errors.Add(FieldError.Required("spec.ports"));
        }

        foreach (var (port, index) in ports.Select((port, index) => (port, index)))
        {
            if (port.Number("port") is not (>= 1 and <= 65535))
            {
                context.Errors.Add(FieldError.Invalid($"spec.ports[{index}].port", port["port"]?.DeepClone(), "must be between 1 and 65535, inclusive"));
            }

            if (ports.Count > 1 && port.Text("name").Length == 0)
            {
                context.Errors.Add(FieldError.Required($"spec.ports[{index}].name"));
            }
        }

        if (context.Old is not null && context.Old.Text("spec.clusterIP") != context.New.Text("spec.clusterIP"))
        {
            context.Errors.Add(FieldError.Invalid("spec.clusterIPs[0]", context.New.Text("spec.clusterIP"), "may not change once set"));
        }
    }
}
