using Sandcastle.Testing.ApiServer.Errors;
using Sandcastle.Testing.ApiServer.Objects;
using Sandcastle.Testing.ApiServer.Resources;

namespace Sandcastle.Testing.ApiServer.Admission;

/// <summary>Events live where their object lives; those of <c>events.k8s.io</c> say who reports what, and within limits.</summary>
public sealed class EventRule : IAdmissionRule
{
    private const int ReasonLimit = 128;
    private const int NoteLimit = 1024;

    public bool Concerns(ResourceDefinition definition) => definition.Plural == "events";

    public void Validate(AdmissionContext context)
    {
        var (about, isNew) = context.Definition.Group.Length == 0 ? ("involvedObject", false) : ("regarding", true);
        var (home, place) = (context.New.Text($"{about}.namespace"), context.New.Text("metadata.namespace"));
        if (home.Length == 0 ? place != "default" : home != place)
        {
            context.Errors.Add(FieldError.Invalid("involvedObject.namespace", home, "does not match event.namespace"));
        }

        if (!isNew || context.Operation != WriteOperation.Create)
        {
            return;
        }

        if (context.New.Text("eventTime").Length == 0)
        {
            context.Errors.Add(FieldError.Required("eventTime"));
            return;
        }

        foreach (var field in new[] { "reportingController", "reportingInstance", "action", "reason" }.Where(field => context.New.Text(field).Length == 0))
        {
            context.Errors.Add(FieldError.Required(field));
        }

        TooLong(context, "reason", ReasonLimit);
        TooLong(context, "action", ReasonLimit);
        TooLong(context, "note", NoteLimit);
        if (context.New.Text("type") is not ("Normal" or "Warning"))
        {
            context.Errors.Add(FieldError.Invalid("type", context.New.Text("type"), "has invalid value: " + context.New.Text("type")));
        }
    }

    private static void TooLong(AdmissionContext context, string field, int limit)
    {
        if (context.New.Text(field).Length > limit)
        {
            context.Errors.Add(FieldError.Invalid(field, context.New.Text(field), $"can have at most {limit} characters"));
        }
    }
}
