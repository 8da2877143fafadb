using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sandcastle.Manager.Admission;
using Sandcastle.Manager.Tenants;
using Sandcastle.Manager.Tenants.Enforcement;
using Sandcastle.Manager.Tenants.Keys;
using Sandcastle.Manager.Tenants.Store;
using Sandcastle.Protocol.Refusals;
using Sandcastle.Protocol.Rest;

namespace Sandcastle.Manager.Edges.Rest;

/// <summary><c>/v1/tenants</c>: their terms, for admins; and <c>/v1/tenants/use</c>, which our operator asks as well.</summary>
internal sealed class TenantEndpoints(
    ITenantDirectory directory, TenantOptions options, TenantStore store, TenantRefresh refresh, TenantGate gate, ManagerIdentity self)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        var admin = new NeedsScopeAttribute(ApiScopes.Admin);
        routes.MapGet("/v1/tenants", List).Document(List).WithMetadata(admin)
            .Produces<TenantsResponse>()
            .WithSummary("The tenants that have terms of their own, and the terms of all others");
        routes.MapGet("/v1/tenants/use", Use).Document(Use).WithMetadata(admin, new OpenToOperatorAttribute())
            .Produces<TenantUsesResponse>()
            .WithSummary("What tenants use and want, as this manager sees it");
        routes.MapGet("/v1/tenants/{name}", Get).Document(Get).WithMetadata(admin)
            .Produces<TenantResponse>()
            .WithSummary("A tenant's terms as they are in force");
        routes.MapPut("/v1/tenants/{name}", Put).Document(Put).WithMetadata(admin)
            .Accepts<TenantRequest>()
            .Produces<TenantResponse>()
            .WithSummary("Give a tenant terms of its own, or others than it had; they hold for its next run");
        routes.MapDelete("/v1/tenants/{name}", Delete).Document(Delete).WithMetadata(admin)
            .Produces<TenantResponse>()
            .WithSummary("Take a tenant's own terms away; it and its keys stay, under the terms of all others");
    }

    private Task List(HttpContext context)
    {
        var tenants = directory is StoredTenants stored ? stored.Names.Select(Describe).ToList() : [];
        var answer = new TenantsResponse(tenants, TenantDocument.From(options.Defaults));
        return RestBody.WriteAsync(context, StatusCodes.Status200OK, answer, RestBody.Json.TenantsResponse);
    }

    private Task Use(HttpContext context)
    {
        var answer = new TenantUsesResponse { Manager = self.Name, Tenants = gate.Describe() };
        return RestBody.WriteAsync(context, StatusCodes.Status200OK, answer, RestBody.Json.TenantUsesResponse);
    }

    private Task Get(HttpContext context) => AnswerAsync(context, NameOf(context));

    private async Task Put(HttpContext context)
    {
        var name = NameOf(context);
        RefuseUnlessStored();
        var terms = await SmallBody.ReadAsync(context, RestJson.Default.TenantRequest);
        TermsAdmission.Check(terms);
        await store.PutTenantAsync(name, terms, context.RequestAborted);
        await refresh.LoadAsync(context.RequestAborted);
        await AnswerAsync(context, name);
    }

    private async Task Delete(HttpContext context)
    {
        var name = NameOf(context);
        if (RefuseUnlessStored().Find(name) is null)
        {
            throw new RefusalException(new Refusal { Kind = RefusalKind.NotFound, Detail = $"tenant '{name}' has no terms of its own" });
        }

        await store.RemoveTenantAsync(name, context.RequestAborted);
        await refresh.LoadAsync(context.RequestAborted);
        await AnswerAsync(context, name);
    }

    private Task AnswerAsync(HttpContext context, string name) =>
        RestBody.WriteAsync(context, StatusCodes.Status200OK, Describe(name), RestBody.Json.TenantResponse);

    private TenantResponse Describe(string name)
    {
        var terms = directory.Of(name);
        var document = TenantDocument.From(terms);
        return new TenantResponse
        {
            Name = name,
            Stored = directory is StoredTenants stored && stored.Find(name) is not null,
            Weight = document.Weight,
            Limits = document.Limits,
            Budget = document.Budget,
            Templates = document.Templates,
            Lease = terms.Lease is { } lease ? new TenantLeaseResponse(lease.CpuMillis / 1000.0, lease.MemoryMib, lease.Waiting) : null,
        };
    }

    private StoredTenants RefuseUnlessStored() => directory as StoredTenants ?? throw new RefusalException(new Refusal
    {
        Kind = RefusalKind.Forbidden,
        Detail = "the tenants of this manager are Tenant objects of the cluster; change those",
    });

    private static string NameOf(HttpContext context)
    {
        var name = (string?)context.GetRouteValue("name");
        return TenantName.IsValid(name) ? name! : throw FieldErrors.Invalid([new FieldError("name", TenantName.Form)]);
    }
}
