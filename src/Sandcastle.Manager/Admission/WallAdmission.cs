using Sandcastle.Protocol.Rest;
using Sandcastle.Protocol.Templates;

namespace Sandcastle.Manager.Admission;

/// <summary>Checks demands on the walls around a run: what a template does not have is refused, never replaced by something weaker.</summary>
internal static class WallAdmission
{
    public static void Check(RunRequest request, TemplateStatus? template, FieldErrors errors)
    {
        if (request.Profile is { } profile)
        {
            if (profile is not ("fork" or "nsjail" or "gvisor"))
            {
                errors.Add("profile", "must be 'fork', 'nsjail' or 'gvisor'");
            }
            else if (template is not null && template.Profile != profile)
            {
                errors.Add("profile", $"demands '{profile}', but template '{template.Name}' runs under '{template.Profile}'");
            }
        }

        if (request.RequireKeep is { } keep)
        {
            if (keep is not ("nsjail" or "builtin"))
            {
                errors.Add("requireKeep", "must be 'nsjail' or 'builtin'");
            }
            else if (template is not null && template.Keep != keep)
            {
                errors.Add("requireKeep", $"demands '{keep}', but template '{template.Name}' stands in '{template.Keep}'");
            }
        }
    }
}
