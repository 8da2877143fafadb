using Sandcastle.Testing.ApiServer.Errors;
using Sandcastle.Testing.ApiServer.Resources;

namespace Sandcastle.Testing.ApiServer.Admission;

/// <summary>What a resource demands of its objects beyond a schema. Rules run in this order: prepare, validate, review.</summary>
public interface IAdmissionRule
{
    bool Concerns(ResourceDefinition definition);

    /// <summary>Fills in defaults, as a strategy or a mutating webhook does.</summary>
    void Prepare(AdmissionContext context)
    {
    }

    /// <summary>Adds to <see cref="AdmissionContext.Errors"/>; any error refuses the write with 422.</summary>
    void Validate(AdmissionContext context)
    {
    }

    /// <summary>Refuses as a validating webhook does, once the object is valid.</summary>
    /// <exception cref="ApiException">The refusal.</exception>
    void Review(AdmissionContext context)
    {
    }
}
