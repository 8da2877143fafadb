using Sandcastle.Testing.ApiServer.Errors;
using Sandcastle.Testing.ApiServer.Objects;
using Sandcastle.Testing.ApiServer.Resources;

namespace Sandcastle.Testing.ApiServer.Admission;

/// <summary>Leases: durations are positive, and a holder has a name.</summary>
public sealed class LeaseRule : IAdmissionRule
{
    public bool Concerns(ResourceDefinition definition) => definition.Resource == new GroupResource("coordination.k8s.io", "leases");

    public void Validate(AdmissionContext context)
    {
        if (context.New.Number("spec.leaseDurationSeconds") is <= 0 and var duration)
        {
            context.Errors.Add(FieldError.Invalid("spec.leaseDurationSeconds", duration, "must be greater than 0"));
        }

        if (context.New.Number("spec.leaseTransitions") is < 0 and var transitions)
        {
            context.Errors.Add(FieldError.Invalid("spec.leaseTransitions", transitions, "must be greater than or equal to 0"));
        }

        if (context.New.At("spec.holderIdentity") is { } holder && holder.ToString().Length == 0)
        {
            context.Errors.Add(FieldError.Invalid("spec.holderIdentity", "", "must not be empty"));
        }
    }
}
