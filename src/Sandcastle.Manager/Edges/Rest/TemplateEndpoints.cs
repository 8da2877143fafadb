using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sandcastle.Manager.Admission;
using Sandcastle.Manager.Routing;
using Sandcastle.Manager.Tenants;
using Sandcastle.Manager.Tenants.Keys;
using Sandcastle.Protocol.Rest;
using Sandcastle.Protocol.Templates;

namespace Sandcastle.Manager.Edges.Rest;

/// <summary><c>/v1/templates</c>.</summary>
internal sealed class TemplateEndpoints(WorkerRouter router, ITenantDirectory tenants, KeyRing keys)
{
    public void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/v1/templates", Get).Document(Get).WithMetadata(new NeedsScopeAttribute(ApiScopes.Read))
            .Produces<TemplatesResponse>()
            .WithSummary("What a run can start as, with its limits and its ready slots");

    /// <summary>Every template that a tenant may use, by name.</summary>
    public static IReadOnlyList<TemplateResponse> List(WorkerRouter router, TenantTerms terms) =>
        [.. router.Templates.Where(t => terms.Allows(t.Name)).OrderBy(t => t.Name, StringComparer.Ordinal).Select(Describe)];

    private Task Get(HttpContext context) =>
        RestBody.WriteAsync(context, StatusCodes.Status200OK, new TemplatesResponse(List(router, tenants.Of(keys.Resolve(context.User).Tenant))), RestBody.Json.TemplatesResponse);

    private static TemplateResponse Describe(TemplateStatus template) => new()
    {
        Name = template.Name,
        Description = template.Description,
        Language = template.Language,
        Profile = template.Profile,
        Keep = template.Keep,
        Available = template.Available,
        Reason = template.UnavailableReason,
        Defaults = LimitAdmission.Describe(template.Defaults),
        Maximums = LimitAdmission.Describe(template.Maximums),
        Slots = new SlotsResponse(template.SlotsWanted, template.SlotsReady, template.SlotsBusy),
    };
}
