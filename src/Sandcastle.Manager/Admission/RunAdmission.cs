using Sandcastle.Manager.Routing;
using Sandcastle.Manager.Tenants;
using Sandcastle.Protocol.Limits;
using Sandcastle.Protocol.Refusals;
using Sandcastle.Protocol.Rest;
using Sandcastle.Protocol.Runs;
using Sandcastle.Protocol.Templates;

namespace Sandcastle.Manager.Admission;

/// <summary>Turns a request into an order, or refuses it with all its errors. Pure but for the snapshot of templates; safe for concurrent use.</summary>
public sealed class RunAdmission(
    WorkerRouter router, AdmissionOptions options, ITenantDirectory tenants, TenantOptions tenantOptions, ManagerIdentity self)
{
    private const string DefaultTemplate = "python";
    private const string DefaultCommandTemplate = "bash";

    private readonly ushort _origin = self.Origin;

    /// <exception cref="RefusalException">invalid, too_large, unknown_template or template_unavailable.</exception>
    public AdmittedRun Admit(RunRequest request, Principal principal, long acceptedTimestamp)
    {
        var errors = new FieldErrors();
        var budget = new ContentBudget();
        var name = request.Template ?? (request.Code is null && request.Argv is not null ? DefaultCommandTemplate : DefaultTemplate);
        var terms = tenants.Of(principal.Tenant);
        var template = terms.Allows(name) ? router.FindTemplate(name) : null;

        var code = ProgramAdmission.Check(request, errors, budget);
        var stdin = TextBytes(request.Stdin, budget);
        EnvironmentAdmission.Check(request.Env, errors, budget);
        var files = FileAdmission.Check(request.Files, errors, budget);
        CollectAdmission.Check(request.Collect, errors);
        MetadataAdmission.Check(request.Metadata, errors, budget);
        var base64 = CheckEncoding(request.Encoding, errors);
        var mostWait = QueueAdmission.Check(request.Queue, tenantOptions.MostQueueWait, errors);
        WallAdmission.Check(request, template, errors);
        var limits = LimitAdmission.Resolve(request.Limits, template?.Defaults ?? RunLimits.Default, template?.Maximums, errors);

        RefuseIfTooLarge(budget);
        RefuseIfUnknown(name, template, terms, errors);
        if (errors.Any)
        {
            throw errors.ToRefusal();
        }

        RefuseIfUnavailable(template!);
        var order = new RunOrder
        {
            Id = RunId.New(_origin),
            Tenant = principal.Tenant,
            Template = name,
            Code = code,
            Argv = request.Argv,
            Args = request.Args ?? [],
            Stdin = stdin,
            Env = request.Env ?? NoEnvironment,
            Files = files,
            Collect = request.Collect ?? [],
            Limits = limits,
            RequireKeep = request.RequireKeep,
            Weight = terms.Weight,
            AcceptedTimestamp = acceptedTimestamp,
        };
        return new AdmittedRun(order, base64, mostWait, request.Metadata);
    }

    private static readonly Dictionary<string, string> NoEnvironment = [];

    private static ReadOnlyMemory<byte> TextBytes(string? text, ContentBudget budget)
    {
        if (string.IsNullOrEmpty(text))
        {
            return default;
        }

        budget.Take(text);
        return System.Text.Encoding.UTF8.GetBytes(text);
    }

    private static bool CheckEncoding(string? encoding, FieldErrors errors)
    {
        if (encoding is not (null or "utf-8" or "base64"))
        {
            errors.Add("encoding", "must be 'utf-8' or 'base64'");
        }

        return encoding == "base64";
    }

    private void RefuseIfTooLarge(ContentBudget budget)
    {
        if (budget.Used > options.ContentBytes)
        {
            throw new RefusalException(new Refusal
            {
                Kind = RefusalKind.TooLarge,
                Detail = $"code, files and the rest of the request hold {budget.Used} bytes; the maximum is {options.ContentBytes}",
            });
        }
    }

    private void RefuseIfUnknown(string name, TemplateStatus? template, TenantTerms terms, FieldErrors errors)
    {
        if (template is null)
        {
            var known = string.Join(", ", router.Templates.Select(t => t.Name).Where(terms.Allows).Order(StringComparer.Ordinal));
            var detail = $"there is no template '{FieldErrors.Shown(name)}'; the templates are: {(known.Length == 0 ? "none yet" : known)}";
            errors.Add("template", detail);
            throw new RefusalException(new Refusal { Kind = RefusalKind.UnknownTemplate, Detail = detail, Errors = errors.All });
        }
    }

    private static void RefuseIfUnavailable(TemplateStatus template)
    {
        if (template.UnavailableReason is { } reason)
        {
            throw new RefusalException(new Refusal
            {
                Kind = RefusalKind.TemplateUnavailable,
                Detail = $"template '{template.Name}' is not available: {reason}",
            });
        }
    }
}
