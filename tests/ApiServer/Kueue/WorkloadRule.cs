using Sandcastle.Testing.ApiServer.Admission;
using Sandcastle.Testing.ApiServer.Errors;
using Sandcastle.Testing.ApiServer.Objects;
using Sandcastle.Testing.ApiServer.Resources;

namespace Sandcastle.Testing.ApiServer.Kueue;

/// <summary>What Kueue demands of Workloads: the CEL rules of its definition (422), then its validating webhook (403).</summary>
/// <remarks>Read from Kueue 0.20 with its default feature gates; each rule is written anew here. Topology and admission gates are left out.</remarks>
public sealed class WorkloadRule : IAdmissionRule
{
    private const string Webhook = "vworkload.kb.io";
    private const string Defaulter = "mworkload.kb.io";

    /// <summary>True: Kueue does not answer, and every create and update of a Workload fails for it.</summary>
    public bool Down { get; set; }

    public bool Concerns(ResourceDefinition definition) => definition.Resource == KueueResources.Workloads;

    /// <summary>The defaults of Kueue's definition, for where only the permissive one is installed.</summary>
    public void Prepare(AdmissionContext context)
    {
        if (Down && context.Operation == WriteOperation.Create)
        {
            throw Unreachable(Defaulter, "mutate");
        }

        var spec = context.New.Child("spec");
        spec["active"] ??= true;
        foreach (var podSet in context.New.PodSets())
        {
            podSet["name"] ??= "main";
            podSet["count"] ??= 1;
        }
    }

    public void Validate(AdmissionContext context) => WorkloadDefinitionRules.Validate(context);

    public void Review(AdmissionContext context)
    {
        if (Down)
        {
            throw Unreachable(Webhook, "validate");
        }

        var errors = WorkloadWebhookRules.Validate(context.New, context.Old).ToList();
        if (errors.Count > 0)
        {
            throw new ApiException(403, "Forbidden", $"admission webhook \"{Webhook}\" denied the request: {FieldError.Aggregate(errors)}");
        }
    }

    private static ApiException Unreachable(string webhook, string verb) => Refusal.Internal(
        $"failed calling webhook \"{webhook}\": failed to call webhook: "
        + $"Post \"https://kueue-webhook-service.kueue-system.svc:443/{verb}-kueue-x-k8s-io-v1beta2-workload?timeout=10s\": connect: connection refused");
}
